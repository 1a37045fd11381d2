"""A run that is ended before its time leaves no file at the host."""

import asyncio
from pathlib import Path

import pytest

from ansible_rig import ADMINISTRATOR, Site, applied, command
from ssh_hosts import ssh_hosts

SECRET = "canary-7d1f" * 8
SLEEP = "86392.5"
STUBBORN = f"trap '' INT HUP; sleep {SLEEP}; true"
SLOW = '#!/bin/sh\nsleep 2\nexec /usr/bin/sudo.real "$@"\n'


@pytest.mark.parametrize("become", [False, True])
async def test_nothing_of_a_file_that_was_on_its_way_is_left(site, become):
    """Neither what was to be copied nor the program that copies; what others have there stays."""
    others = temporary_folder(site, "ansible-tmp-1.5-1-1")
    copy = {"dest": "/var/tmp/never", "content": SECRET, "validate": f"sh -c 'sleep {SLEEP}' %s"}
    task = {"name": "Copy", "ansible.builtin.copy": copy, "become": become}
    run = asyncio.create_task(applied(site.configurer(task), site.work()))
    async with asyncio.timeout(60):
        while not site.runs(SLEEP):
            assert not run.done(), run.exception()
            await asyncio.sleep(0.05)
    assert [file for file in laid_down(site) if file.is_file() and SECRET in file.read_text(errors="replace")]
    run.cancel()
    await asyncio.gather(run, return_exceptions=True)
    assert run.cancelled()
    assert not site.runs(SLEEP)
    assert laid_down(site) == [others]


@pytest.fixture
def slow(ssh_possible, tmp_path):
    """At a host where it takes time to become somebody else."""
    with ssh_hosts(tmp_path / "hosts") as (host,):
        host.run("mv", "/usr/bin/sudo", "/usr/bin/sudo.real")
        host.write("/usr/bin/sudo", SLOW, mode=0o755)
        yield Site.found(host, tmp_path / "hub")


async def test_what_does_not_want_to_end_is_ended_where_that_takes_time(slow):
    """Though what started it ends first."""
    task = command("Sleep", "sh", "-c", STUBBORN, become=True)
    run = asyncio.create_task(applied(slow.configurer(task), slow.work()))
    async with asyncio.timeout(120):
        while not slow.runs(SLEEP):
            assert not run.done(), run.exception()
            await asyncio.sleep(0.05)
        run.cancel()
        await asyncio.gather(run, return_exceptions=True)
        assert run.cancelled()
        while slow.runs(SLEEP):
            await asyncio.sleep(0.05)


def temporary_folder(site: Site, name: str) -> Path:
    """One that another run has."""
    folder = f"/home/{ADMINISTRATOR}/.ansible/tmp/{name}"
    site.host.run("install", "-d", "-o", ADMINISTRATOR, folder)
    site.host.run("chown", "-R", ADMINISTRATOR, f"/home/{ADMINISTRATOR}/.ansible")
    return site.host.root / folder.removeprefix("/")


def laid_down(site: Site) -> list[Path]:
    """All that lies where Ansible puts files for a while."""
    homes = [site.host.files_of(ADMINISTRATOR), site.host.root / "root"]
    places = [home / ".ansible/tmp" for home in homes]
    found = [file for place in places if place.exists() for file in place.rglob("*")]
    for place in ("tmp", "var/tmp"):
        found += [
            file for each in (site.host.root / place).glob("ansible*") for file in (each, *each.rglob("*"))
        ]
    return found
