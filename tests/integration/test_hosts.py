"""The provider of hosts on real ones: what it sees, ends and leaves alone, and why it is not let in."""

import asyncio
import logging
import subprocess
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncssh
import psutil
import pytest

from multiplespawner.adapters.outbound.providers.hosts import health, member
from multiplespawner.adapters.outbound.providers.hosts.pool import HostsProvider
from multiplespawner.adapters.outbound.providers.hosts.settings import HostSettings, HostsSettings
from multiplespawner.adapters.outbound.ssh import UserCa, fingerprint
from multiplespawner.application.ports.provider import (
    MARK,
    InvalidSpec,
    NotTrusted,
    ResourceSpec,
    Unavailable,
)
from multiplespawner.domain.values import Endpoint, Hardware
from ssh_hosts import SshHost

SPEC = ResourceSpec("bare_metal", Hardware(cpu=1))
STUBBORN = "trap '' TERM; while :; do sleep 1; done"
START = """
exec </dev/null >/dev/null 2>&1
account=$1; shift
cd /; setsid setpriv --reuid "$account" --regid "$account" --clear-groups "$@" &
"""

Pool = Callable[..., HostsProvider]


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """The spawner's."""
    return tmp_path / "state"


@pytest.fixture
def pool(directory: Path) -> Pool:
    """A pool of hosts that trust its CA, whose keys are pinned."""

    def made(*hosts: SshHost, **pool: Any) -> HostsProvider:
        for host in hosts:
            host.trust_user_ca(*UserCa(directory).public_keys())
        said = (HostSettings(host.name, host.address, host_key=host.host_key) for host in hosts)
        return HostsProvider(HostsSettings(tuple(said), terminate_timeout=1, **pool), directory)

    return made


@pytest.fixture
def token() -> str:
    """A resource's."""
    return f"{uuid.uuid4().hex[:16]}-{uuid.uuid4().hex}"


def start(host: SshHost, account: str, *command: str, **variables: str) -> None:
    """Start something on a host that goes on by itself."""
    set_ = [f"{name}={value}" for name, value in variables.items()]
    host.run("sh", "-c", START, "-", account, "env", *set_, *command)


def running(host: SshHost, *marks: str) -> int:
    """How many processes of a host have one of these marks."""
    count = 0
    for process in host.processes():
        try:
            count += process.environ().get(MARK) in marks and process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            continue
    return count


async def until(condition: Callable[[], bool]) -> None:
    """Wait, at most ten seconds."""
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.02)


async def test_a_lease_is_one_and_says_how_to_enter(ssh_host: SshHost, pool: Pool, token: str) -> None:
    """Address, keys and account; files and keys for the login are gone."""
    provider = pool(ssh_host)
    first, second = await asyncio.gather(*(provider.ensure(token, SPEC) for _ in range(2)))
    assert first == second == await provider.get(first.id)
    assert first.id == f"{ssh_host.name}/{token}"
    assert first.endpoint == Endpoint(ssh_host.address, 22)
    assert (first.host_keys, first.user) == ((ssh_host.host_key,), "root")
    lease = ssh_host.root / "root/.multiplespawner/leases" / token
    assert lease.stat().st_mode & 0o777 == 0o700
    await provider.destroy(first.id)
    assert list((ssh_host.root / "root").iterdir()) == []


async def test_no_login_leaves_files(ssh_host: SshHost, pool: Pool, token: str, directory: Path) -> None:
    """Only the CA lies in the hub's folder, for its owner alone."""
    provider = pool(ssh_host)
    await provider.ensure(token, SPEC)
    with pytest.raises(InvalidSpec):
        await provider.ensure(token, ResourceSpec("container", Hardware()))
    left = {file.name for file in (directory / "ssh").iterdir()}
    assert not [name for name in left if "login" in name]
    assert (directory / "ssh").stat().st_mode & 0o777 == 0o700


async def test_all_processes_of_a_lease_end_and_no_others(ssh_host: SshHost, pool: Pool, token: str) -> None:
    """Of whatever account; those that don't listen are killed; what others run goes on."""
    other = f"{token[:-1]}x".replace("x", "0" if token[-1] != "0" else "1")
    for account in ("ada", "ben"):
        ssh_host.account(account)
        start(ssh_host, account, "sh", "-c", STUBBORN, **{MARK: token})
        start(ssh_host, account, "sleep", "600", **{MARK: other})
        start(ssh_host, account, "sleep", "600")
    provider = pool(ssh_host)
    made = await provider.ensure(token, SPEC)
    await until(lambda: running(ssh_host, token) >= 2 and running(ssh_host, other) == 2)
    await provider.destroy(made.id)
    assert running(ssh_host, token) == 0
    assert running(ssh_host, other) == 2
    assert [found.token for found in await provider.list_owned(token.partition("-")[0])] == [other]


async def test_what_runs_without_a_lease_is_found_and_ended(
    ssh_host: SshHost, pool: Pool, token: str
) -> None:
    """As after a lease's folder was deleted by hand."""
    start(ssh_host, "root", "sleep", "600", **{MARK: token})
    provider = pool(ssh_host)
    await until(lambda: running(ssh_host, token) == 1)
    (found,) = await provider.find(token)
    assert await provider.get(found.id) == found
    await provider.destroy(found.id)
    assert running(ssh_host, token) == 0
    assert await provider.find(token) == ()


async def test_folders_of_notebooks_go_and_what_others_own_stays(
    ssh_host: SshHost, pool: Pool, token: str
) -> None:
    """Named by a process, or where they lie by default; nobody has another's folder removed."""
    homes = {name: ssh_host.account(name) for name in ("ada", "ben")}
    provider = pool(ssh_host)
    made = await provider.ensure(token, SPEC)
    for command in (
        'mkdir -p "/home/ada/else/$0" "/home/ada/.jupyterhub-resources/$0/deep" "/home/ben/own/$0"',
        'chown -R ada: /home/ada; touch "/home/ben/own/$0/file"; chown -R ben: /home/ben',
        'mkdir /home/ben/.jupyterhub-resources && ln -s /home/ben/own "/home/ben/.jupyterhub-resources/$0"',
    ):
        ssh_host.run("sh", "-c", command, token)
    start(ssh_host, "ada", "sleep", "600", **{MARK: token, "JUPYTERHUB_SSH_RUN": f"/home/ada/else/{token}"})
    start(ssh_host, "ada", "sleep", "600", **{MARK: token, "JUPYTERHUB_SSH_RUN": f"/home/ben/own/{token}"})
    await until(lambda: running(ssh_host, token) == 2)
    await provider.destroy(made.id)
    assert not (homes["ada"] / "else" / token).exists()
    assert list((homes["ada"] / ".jupyterhub-resources").iterdir()) == []
    assert (homes["ben"] / "own" / token / "file").exists()
    assert (homes["ben"] / ".jupyterhub-resources" / token).is_symlink()


@pytest.mark.parametrize("sudo", [True, False])
async def test_an_account_that_is_not_root(ssh_host: SshHost, pool: Pool, token: str, sudo: bool) -> None:
    """With sudo it ends what others run; without, what is its own, and others' it neither sees nor ends."""
    ssh_host.account("ops", sudo=sudo)
    ssh_host.account("ada")
    provider = pool(ssh_host, user="ops")
    made = await provider.ensure(token, SPEC)
    assert made.user == "ops"
    for account in ("ops", "ada"):
        start(ssh_host, account, "sleep", "600", **{MARK: token})
    await until(lambda: running(ssh_host, token) == 2)
    await provider.destroy(made.id)
    assert running(ssh_host, token) == (0 if sudo else 1)
    assert await provider.find(token) == ()
    assert not (ssh_host.files_of("ops") / ".multiplespawner").exists()


async def test_a_host_without_python(ssh_host_without_python: SshHost, pool: Pool, token: str) -> None:
    """A shell is enough."""
    host = ssh_host_without_python
    provider = pool(host)
    made = await provider.ensure(token, SPEC)
    start(host, "root", "sleep", "600", **{MARK: token})
    await provider.destroy(made.id)
    assert running(host, token) == 0
    assert await provider.find(token) == ()


async def test_what_a_shell_says_at_its_start_is_no_answer(ssh_host: SshHost, pool: Pool, token: str) -> None:
    """Greetings, also those that look like ours."""
    home = ssh_host.account("ops")
    (home / ".bashrc").write_text("echo welcome; echo multiplespawner lease 0-1 >&2\n")
    provider = pool(ssh_host, user="ops")
    made = await provider.ensure(token, SPEC)
    assert [found.id for found in await provider.find(token)] == [made.id]


async def test_an_account_without_a_shell_is_told_with_what_it_said(
    ssh_host: SshHost, pool: Pool, token: str
) -> None:
    """And may be given one."""
    ssh_host.account("ops")
    ssh_host.run("usermod", "--shell", "/usr/sbin/nologin", "ops")
    with pytest.raises(Unavailable, match="not available"):
        await pool(ssh_host, user="ops").ensure(token, SPEC)


@pytest.mark.parametrize("id_", ["{0}/x", "{0}/{1}; id", "{0}/$(id)", "{0}/../../{1}", "{0}/{1}\n", "{1}"])
async def test_what_is_no_token_never_reaches_a_host(
    ssh_host: SshHost, pool: Pool, token: str, id_: str
) -> None:
    """It holds nothing: gone already."""
    provider = pool(ssh_host)
    await provider.destroy(id_.format(ssh_host.name, token))
    assert "Accepted" not in ssh_host.sshd_log()


@pytest.mark.parametrize("ssh_hosts", [2], indirect=True)
async def test_a_host_that_is_down(
    ssh_hosts: list[SshHost],
    pool: Pool,
    token: str,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is out of order within three seconds, told once, passed over, and in order again when it answers."""
    down, up = ssh_hosts
    provider = pool(down, up, connect_timeout=1)
    held = await provider.member(up.name).ensure(token, SPEC)
    lost = await provider.member(down.name).ensure(token, SPEC)
    names = [down.name, up.name]
    down.cut()
    async with asyncio.timeout(health.SECONDS + 1):
        assert set(await provider.out_of_order(names)) == {down.name}
    for call in (provider.get, provider.destroy):
        with pytest.raises(Unavailable) as caught:
            await call(lost.id)
        assert caught.value.words
    assert [found.id for found in await provider.list_owned(token.partition("-")[0])] == [held.id]
    assert [found.id for found in await provider.find(token)] == [held.id]
    await provider.destroy(held.id)
    with pytest.raises(Unavailable):
        await provider.find(token)
    down.mend()
    monkeypatch.setattr(health, "FRESH", 0.0)
    assert await provider.out_of_order(names) == {}
    await provider.destroy(lost.id)
    told = [record for record in caplog.records if "order" in record.message]
    assert [record.levelno for record in told] == [logging.WARNING] * 2


async def test_a_host_whose_sshd_is_down(ssh_host: SshHost, pool: Pool, token: str) -> None:
    """It refuses at once, and comes back."""
    provider = pool(ssh_host)
    ssh_host.stop_sshd()
    assert set(await provider.out_of_order([ssh_host.name])) == {ssh_host.name}
    with pytest.raises(Unavailable):
        await provider.member(ssh_host.name).ensure(token, SPEC)
    ssh_host.start_sshd()
    await provider.member(ssh_host.name).ensure(token, SPEC)


async def test_many_at_once_are_all_answered(ssh_host: SshHost, pool: Pool, token: str) -> None:
    """Sshd refuses who logs in while ten others do."""
    provider = pool(ssh_host)
    owner = token.partition("-")[0]
    tokens = [f"{owner}-{uuid.uuid4().hex}" for _ in range(24)]
    made = await asyncio.gather(*(provider.member(ssh_host.name).ensure(each, SPEC) for each in tokens))
    assert {instance.token for instance in await provider.list_owned(owner)} == set(tokens)
    await asyncio.gather(*(provider.destroy(instance.id) for instance in made))
    assert await provider.list_owned(owner) == ()


def alone(host: SshHost, directory: Path, **said: Any) -> HostsProvider:
    """A pool of one host, of which only this is said."""
    return HostsProvider(HostsSettings((HostSettings(host.name, host.address, **said),)), directory)


async def test_a_host_that_does_not_trust_the_ca(ssh_host: SshHost, directory: Path, token: str) -> None:
    """The user is told what has to be done; a key that the host knows does instead."""
    with pytest.raises(NotTrusted) as caught:
        await alone(ssh_host, directory, host_key=ssh_host.host_key).ensure(token, SPEC)
    assert caught.value.code == "login_refused"
    assert not caught.value.may_retry
    assert "multiplespawner ca" in caught.value.words
    assert "ssh_keyfile" in caught.value.words
    key = asyncssh.generate_private_key("ssh-ed25519")
    key.write_private_key(directory / "key")
    ssh_host.run("sh", "-c", "umask 077; mkdir -p /root/.ssh; cat >/root/.ssh/authorized_keys",
                 text=key.export_public_key().decode())  # fmt: skip
    pool = alone(ssh_host, directory, host_key=ssh_host.host_key, ssh_keyfile=str(directory / "key"))
    assert (await pool.ensure(token, SPEC)).token == token


@pytest.mark.parametrize("content", [None, "", "no key", "locked"])
async def test_a_key_file_that_is_no_use(
    ssh_host: SshHost, directory: Path, token: str, content: str | None
) -> None:
    """It is told, and no retry helps."""
    directory.mkdir()
    file = directory / "key"
    if content == "locked":
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "canary", "-f", file], check=True)
    elif content is not None:
        file.write_text(content)
    with pytest.raises(NotTrusted) as caught:
        await alone(ssh_host, directory, host_key=ssh_host.host_key, ssh_keyfile=str(file)).ensure(
            token, SPEC
        )
    assert caught.value.code == "key_unusable"
    assert str(file) in str(caught.value)


async def test_a_host_that_nobody_knows(ssh_host: SshHost, directory: Path, token: str) -> None:
    """Its fingerprint is told to everybody, the line to be entered to administrators."""
    with pytest.raises(NotTrusted) as caught:
        await alone(ssh_host, directory).ensure(token, SPEC)
    assert caught.value.code == "host_key_unknown"
    assert fingerprint(ssh_host.host_key) in caught.value.words
    assert ssh_host.host_key in str(caught.value)


async def test_a_host_that_shows_another_key(ssh_host: SshHost, pool: Pool, token: str) -> None:
    """Nothing is sent to it."""
    provider = pool(ssh_host)
    ssh_host.change_host_key()
    with pytest.raises(NotTrusted) as caught:
        await provider.ensure(token, SPEC)
    assert caught.value.code == "host_key_mismatch"
    assert fingerprint(ssh_host.host_key) in caught.value.words


async def test_a_key_is_taken_on_trust_once(
    ssh_host: SshHost, pool: Pool, directory: Path, token: str
) -> None:
    """Where that is asked for; it is recorded, and another one is refused."""
    pool(ssh_host)
    provider = alone(ssh_host, directory, strict_host_key_checking="accept-new")
    made = await provider.ensure(token, SPEC)
    assert made.host_keys == (ssh_host.host_key,)
    recorded = directory / "ssh/known_hosts"
    assert recorded.read_text() == f"{ssh_host.address} {ssh_host.host_key}\n"
    assert recorded.stat().st_mode & 0o777 == 0o600
    assert (await alone(ssh_host, directory).get(made.id)).host_keys == made.host_keys
    ssh_host.change_host_key()
    with pytest.raises(NotTrusted) as caught:
        await provider.ensure(token, SPEC)
    assert caught.value.code == "host_key_mismatch"
    assert "known_hosts" in str(caught.value)


async def test_a_host_is_known_by_its_ca(ssh_host: SshHost, pool: Pool, directory: Path, token: str) -> None:
    """Whatever its own key is."""
    pool(ssh_host)
    key = asyncssh.generate_private_key("ssh-ed25519")
    key.write_private_key(directory / "host_ca")
    (directory / "host_ca").chmod(0o600)
    authority = key.export_public_key().decode().strip()
    ssh_host.certify(directory / "host_ca")
    made = await alone(ssh_host, directory, host_ca=authority).ensure(token, SPEC)
    assert made.host_keys == (f"@cert-authority {authority}",)


@pytest.mark.parametrize(
    "shell", ["yes multiplespawner lease 0-1", "exec sleep 600", "exit 3", "kill -9 $PPID"]
)
async def test_a_host_that_does_not_do_what_it_is_asked(
    ssh_host: SshHost, pool: Pool, token: str, shell: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It answers without end, not at all, nothing, or hangs up: it is unavailable, nothing is believed."""
    monkeypatch.setattr(member, "TO_ANSWER", 2.0)
    home = ssh_host.account("ops")
    (home / "shell").write_text(f"#!/bin/sh\n{shell}\n")
    (home / "shell").chmod(0o755)
    ssh_host.run("usermod", "--shell", "/home/ops/shell", "ops")
    provider = pool(ssh_host, user="ops")
    async with asyncio.timeout(20):
        for call in (lambda: provider.ensure(token, SPEC), lambda: provider.find(token)):
            with pytest.raises(Unavailable):
                await call()
