"""Ansible runs at real hosts: what users hear of them, and that they end."""

import asyncio
import errno
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack, contextmanager
from pathlib import Path

import attrs
import psutil
import pytest

from ansible_rig import Site, applied, arguments_of, command
from multiplespawner.application.ports.configurer import ConfigurationFailed, TaskProgress
from ssh_hosts import ssh_hosts


async def refused(site: Site, configurer) -> tuple[ConfigurationFailed, list[TaskProgress]]:
    """Why it fails, and what it told before; nothing of it is left."""
    work, told = site.work(), []
    with pytest.raises(ConfigurationFailed) as failed:
        await applied(configurer, work, told)
    assert not work.folder.exists()
    assert failed.value.message.endswith(".")
    return failed.value, told


async def test_a_failed_task_is_told_with_its_reason(site, caplog):
    """Users get the first line of it; administrators all that it said."""
    script = "echo to-stdout; echo to-stderr >&2; exit 3"
    failed, told = await refused(site, site.configurer(command("Fetch it", "sh", "-c", script)))
    assert (failed.code, failed.task, failed.host) == ("task_failed", "Fetch it", site.host.address)
    assert "non-zero return code" in failed.message
    assert "to-std" not in failed.message
    assert {"to-stdout", "to-stderr"} <= set(words(caplog))
    assert told[-1].state == "failed"


async def test_a_failed_item_of_a_loop_gives_the_reason(site):
    """Not only that one of them failed."""
    loop = {"name": "Each", "ansible.builtin.fail": {"msg": "no {{ item }}"}, "loop": ["pears"], "when": True}
    failed, _ = await refused(site, site.configurer(loop))
    assert "no pears" in failed.message


async def test_a_task_that_says_far_too_much_is_still_the_one_that_failed(site):
    """How it ended is dropped; that is no fault of the playbook."""
    failed, _ = await refused(
        site, site.configurer(command("Talk", "sh", "-c", "head -c 2000000 /dev/zero | tr '\\0' x; false"))
    )
    assert (failed.code, failed.task) == ("task_failed", "Talk")


@pytest.mark.parametrize("where", ["run_folder.RunFolder._write", "supervised._write"])
async def test_a_full_disk_of_the_hub_is_told_in_words(site, monkeypatch, where):
    """Users hear that it is not their machine."""

    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/a/secret/place")

    monkeypatch.setattr(f"multiplespawner.adapters.outbound.configurers.{where}", full)
    failed, told = await refused(site, site.configurer(command("Look", "true")))
    assert (failed.code, told) == ("hub_unusable", [])
    assert "No space left on device" in failed.message
    assert "secret" not in failed.message


async def test_what_is_ignored_or_rescued_is_no_failure(site):
    """Ansible goes on, and so do we."""
    rescue = {"block": [command("Try", "false")], "rescue": [command("Else", "true")]}
    told = await applied(
        site.configurer(command("Perhaps", "false", ignore_errors=True), rescue), site.work()
    )
    ends = {each.task: each.state for each in told if each.state != "started"}
    assert ends == {"Perhaps": "changed", "Try": "failed", "Else": "changed"}


async def test_secret_output_stays_secret(site, caplog):
    """`no_log` counts for users and for the log, and so do the values of variables that are secrets."""
    hidden = {
        "name": "Hidden",
        "ansible.builtin.fail": {"msg": "s3cret-one"},
        "no_log": True,
        "ignore_errors": True,
    }
    shown = {
        "name": "Shown {{ db_password }}",
        "ansible.builtin.fail": {"msg": "bad {{ db_password }} there"},
    }
    configurer = site.configurer(hidden, shown, variables={"db_password": "s3cret-two"})
    failed, told = await refused(site, configurer)
    everything = " ".join([failed.message, str(failed.task), *map(str, told), caplog.text])
    assert "s3cret" not in everything
    assert "bad *** there" in failed.message


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("- hosts: all\n  tasks: [\n", "playbook_broken"),
        ("- hosts: all\n  tasks: [{nonsense: 1}]\n", "playbook_broken"),
    ],
)
async def test_a_broken_playbook_changes_nothing(site, caplog, text, code):
    """It is read before the host is touched."""
    failed, told = await refused(site, site.configurer(text))
    assert failed.code == code
    assert told == []
    assert "play.yml" in failed.message
    assert str(site.folder) not in failed.message
    assert caplog.records


async def test_a_missing_playbook_is_named(site):
    """Before anything is run, also by the check."""
    configurer = site.with_playbook("nowhere/absent.yml")
    failed, _ = await refused(site, configurer)
    assert failed.code == "playbook_missing"
    assert "absent.yml" in failed.message
    with pytest.raises(ConfigurationFailed, match=r"absent\.yml"):
        await configurer.check()


async def test_several_playbooks_go_in_order(site):
    """The count goes on from one to the next."""
    for name in ("one", "two"):
        site.write(f"{name}.yml", [command(name, "true")])
    told = await applied(site.with_playbook("one.yml", "two.yml"), site.work())
    assert [(each.task, each.done, each.total) for each in told if each.state == "changed"] == [
        ("one", 1, 2),
        ("two", 2, 2),
    ]


async def test_tasks_that_come_up_as_it_goes_are_counted(site):
    """The total grows, and is never less than what is done."""
    site.write_tasks("more.yml", [command(f"More {number}", "true") for number in range(3)])
    told = await applied(site.configurer({"ansible.builtin.include_tasks": "more.yml"}), site.work())
    assert told[-1].done == told[-1].total == 4


@pytest.mark.parametrize("beside", [True, False])
async def test_another_inventory_gives_variables_and_no_hosts(site, beside):
    """Variables of the group count; the other hosts of it are not set up."""
    inventory = (site.state if beside else site.folder) / "inventory.ini"
    inventory.write_text("[compute]\nother ansible_host=192.0.2.9\n[compute:vars]\ncolour=blue\n")
    options = {
        "inventory_path": inventory.name if beside else str(inventory),
        "host_settings": {"group": "compute", "port": "22"},
    }
    task = {"name": "Say", "ansible.builtin.assert": {"that": "colour == 'blue'"}}
    configurer = site.configurer(task, options=options)
    told = await applied(configurer, site.work())
    assert {each.host for each in told} == {site.host.address}
    assert told[-1].state == "ok"


@pytest.mark.parametrize(
    "said",
    [{"options": {"inventory_path": "absent"}}, {"roles_path": ["absent"]}, {"collections_path": ["absent"]}],
)
async def test_what_is_named_and_missing_is_told(site, said):
    """Ansible would go on without its variables, or roles."""
    site.write("play.yml", [command("Look", "true")])
    options = {"apply_kwargs": {"playbook_path": "play.yml"}, **said.get("options", {})}
    configurer = site.with_playbook("play.yml", **{**said, "options": options})
    failed, told = await refused(site, configurer)
    assert (failed.code, told) == ("playbook_missing", [])
    assert "absent" in failed.message


async def test_roles_beside_the_template_are_found(site):
    """By a path that is relative."""
    tasks = site.state / "own/base/tasks/main.yml"
    tasks.parent.mkdir(parents=True)
    tasks.write_text("[{name: Mine, ping: }]")
    include = {"ansible.builtin.import_role": {"name": "base"}}
    told = await applied(site.configurer(include, roles_path=["own"]), site.work())
    assert told[-1].state == "ok"


async def test_a_host_that_is_not_there_is_unreachable(site):
    """Nothing listens at the address."""
    configurer, work = site.configurer(command("Look", "true")), site.work()
    work = attrs.evolve(work, access=attrs.evolve(work.access, address="127.0.0.1", port=1))
    with pytest.raises(ConfigurationFailed) as failed:
        await applied(configurer, work)
    assert (failed.value.code, failed.value.host) == ("host_unreachable", "127.0.0.1")


@pytest.fixture
def crowded(ssh_possible, tmp_path):
    """At a host that hangs up on all while somebody else is logging in."""
    with ssh_hosts(tmp_path / "hosts") as (host,):
        host.stop_sshd()
        config = (host.root / "etc/ssh/sshd_config").read_text()
        host.write("/etc/ssh/sshd_config", f"{config}MaxStartups 1:100:1\n")
        host.start_sshd()
        yield Site.found(host, tmp_path / "hub")


def hung_up(host) -> int:
    """On how many the host has."""
    return host.sshd_log().count("past MaxStartups")


@contextmanager
def logging_in(host):
    """Somebody else is, from when the host has room for it; gives on how many it had hung up before."""
    with ExitStack() as stack:
        # who has just logged in takes its place for a moment more
        until(lambda: stack.enter_context(_connected(host)).recv(8).startswith(b"SSH-2.0"))
        yield hung_up(host)


def _connected(host) -> socket.socket:
    return socket.create_connection((host.address, host.port), 10)


async def test_a_host_that_hangs_up_because_many_log_in_is_tried_again(crowded):
    """sshd does so to some at random; here to all, until somebody else has logged in or given up."""
    host, work = crowded.host, crowded.work()
    with logging_in(host) as before:
        run = asyncio.create_task(applied(crowded.configurer(command("Look", "true")), work))
        await asyncio.to_thread(until, lambda: hung_up(host) > before)
    assert [each.state for each in await run] == ["started", "changed"]


async def test_a_host_that_hangs_up_on_ansible_itself_is_tried_again(crowded):
    """Not only the question before, whose connection ends with it."""
    host = crowded.host
    run = asyncio.create_task(applied(crowded.configurer(command("Look", "true")), crowded.work()))
    await asyncio.to_thread(until, lambda: "Accepted publickey" in host.sshd_log())
    with logging_in(host) as before:
        await asyncio.to_thread(until, lambda: hung_up(host) > before)
        assert host.sshd_log().count("Accepted publickey") == 1
    assert [each.state for each in await run] == ["started", "changed"]
    assert host.sshd_log().count("Accepted publickey") == 2


async def test_a_host_that_shows_another_key_is_not_entered(site, tmp_path):
    """Neither with a key that is known, nor where none is."""
    subprocess.run(["ssh-keygen", "-qt", "ed25519", "-N", "", "-f", tmp_path / "other"], check=True)
    entered = site.host.sshd_log().count("Accepted publickey")
    site.knows((tmp_path / "other.pub").read_text().strip())
    failed, told = await refused(site, site.configurer(command("Look", "true")))
    assert (failed.code, told) == ("host_unreachable", [])
    assert "host key" in failed.message
    (site.folder / "known_hosts").write_text("")
    assert (await refused(site, site.configurer(command("Look", "true"))))[0].code == "host_unreachable"
    assert site.host.sshd_log().count("Accepted publickey") == entered


async def test_a_host_that_does_not_know_us_is_not_entered(site, tmp_path):
    """Nor through the connection that another run with the right key keeps open there."""
    subprocess.run(["ssh-keygen", "-qt", "ed25519", "-N", "", "-f", tmp_path / "other"], check=True)
    site.write("play.yml", [command("Sleep", "sleep", "86393.5")])
    right = asyncio.create_task(applied(site.with_playbook("play.yml"), site.work()))
    await asyncio.to_thread(until, lambda: site.runs("86393.5"))
    work = site.work(site.folder / "wrong")
    wrong = attrs.evolve(work, access=attrs.evolve(work.access, key_file=tmp_path / "other"))
    with pytest.raises(ConfigurationFailed) as failed:
        await applied(site.configurer(command("Look", "true")), wrong)
    assert (failed.value.code, right.done()) == ("host_unreachable", False)
    assert "key" in failed.value.message
    right.cancel()
    await asyncio.gather(right, return_exceptions=True)


async def test_a_host_without_python_is_told_of(ssh_possible, tmp_path):
    """Before Ansible tries."""
    with ssh_hosts(tmp_path / "hosts", python=False) as hosts:
        site = Site.found(hosts[0], tmp_path / "hub")
        failed, told = await refused(site, site.configurer(command("Look", "true")))
    assert (failed.code, told) == ("python_missing", [])


async def test_a_python_that_is_too_old_is_told_of(ssh_possible, tmp_path):
    """With its version and the one that is needed."""
    with ssh_hosts(tmp_path / "hosts", python=False) as hosts:
        answer = "#!/bin/sh\necho multiplespawner /usr/bin/python3 3.6\n"
        hosts[0].write("/usr/bin/python3", answer, mode=0o755)
        site = Site.found(hosts[0], tmp_path / "hub")
        failed, told = await refused(site, site.configurer(command("Look", "true")))
    assert (failed.code, told) == ("python_too_old", [])
    assert "3.6" in failed.message


async def test_a_run_that_takes_too_long_is_ended(site):
    """Here and at the host; the message says at which task it was."""
    sleeping = site.configurer(command("Sleep", "sleep", "86398.5", become=True), time_limit=8)
    failed, told = await refused(site, sleeping)
    # a busy machine may not come to it in time
    assert (failed.code, failed.task) == ("time_limit", told[-1].task if told else None)
    assert not site.runs("86398.5")
    assert not below_us()


async def test_a_long_folder_is_no_hindrance(site):
    """OpenSSH's shared connection has a short path of its own, which goes, too."""
    folder = site.folder / ("deep-" * 20) / ("deeper" * 20)
    folder.parent.mkdir(parents=True)
    before = set(Path("/tmp").glob("msp-*"))
    told = await applied(site.configurer(command("Look", "true")), site.work(folder))
    assert told[-1].state == "changed"
    assert set(Path("/tmp").glob("msp-*")) <= before


async def test_a_playbook_for_other_hosts_is_no_success(site):
    """Else a resource whose group is missing would count as set up."""
    failed, _ = await refused(site, site.configurer("- hosts: compute\n  tasks: [{ping: }]\n"))
    assert failed.code == "playbook_broken"
    assert "can't read" not in failed.message


async def test_plays_for_others_may_stand_beside_one_for_the_machine(site):
    """First or last; a further playbook that has none for it is refused."""
    one, other = {"hosts": "all", "gather_facts": False, "tasks": [{"ping": None}]}, {"hosts": "gpu"}
    site.write_tasks("last.yml", [one, other])
    site.write_tasks("first.yml", [other, one])
    site.write_tasks("only.yml", [other])
    told = await applied(site.with_playbook("last.yml", "first.yml"), site.work())
    assert [each.state for each in told] == ["started", "ok"] * 2
    failed, _ = await refused(site, site.with_playbook("last.yml", "only.yml"))
    assert "only.yml" in failed.message


async def test_a_run_can_be_cancelled_while_the_host_is_silent(site):
    """It returns, and here nothing is left."""
    site.write("play.yml", [command("Sleep", "sleep", "86394.5")])
    work = site.work()
    task = asyncio.ensure_future(applied(site.with_playbook("play.yml"), work))
    async with asyncio.timeout(60):
        while not site.runs("86394.5"):
            await asyncio.sleep(0.05)
    site.host.cut()
    try:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    finally:
        site.host.mend()
    assert task.cancelled()
    assert not below_us()
    assert not work.folder.exists()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_run_ends_with_its_hub(site, number):
    """A hub that is killed leaves no process, here or at the host, and no folder."""
    site.write("play.yml", [command("Sleep", "sleep", "86397.5", become=True)])
    hub = subprocess.Popen(
        [sys.executable, Path(__file__).parents[2] / "ansible_hub.py", *site.as_arguments()]
    )
    try:
        until(lambda: site.runs("86397.5"))
        started = psutil.Process(hub.pid).children(recursive=True)
        assert started
    finally:
        hub.send_signal(number)
        hub.wait()
    until(lambda: not any(process.is_running() for process in started))
    assert not site.runs("86397.5")
    assert not (site.folder / "run").exists()


def words(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What our logger said, word by word."""
    return (
        " ".join(record.getMessage() for record in caplog.records if record.name == "multiplespawner.ansible")
        .replace(";", " ")
        .split()
    )


def below_us() -> list[psutil.Process]:
    """Processes that we started and that still run, apart from hosts."""
    programs = ("ansible", "supervisor.py", "ssh ")
    return [
        process
        for process in psutil.Process().children(recursive=True)
        if any(program in " ".join(arguments_of(process)) for program in programs)
    ]


def until(done: Callable[[], bool]) -> None:
    """Wait for something, for a minute at most."""
    deadline = time.monotonic() + 60
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.05)
