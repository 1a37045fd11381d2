"""The provider of hosts on real ones: what it sees, ends and leaves alone, what it does where they fail."""

import asyncio
import logging
import uuid
from pathlib import Path

import pytest

from ansible_rig import arguments_of
from leased_hosts import SPEC, STUBBORN, Pool, running, start, until
from multiplespawner.adapters.outbound.providers.hosts import health, line, member
from multiplespawner.application.ports.provider import (
    MARK,
    InvalidSpec,
    ResourceSpec,
    Unavailable,
)
from multiplespawner.domain.values import Endpoint, Hardware
from ssh_hosts import SshHost


async def test_a_lease_is_one_and_says_how_to_enter(ssh_host: SshHost, pool: Pool, token: str) -> None:
    """Address, keys and account; files and keys for the login are gone."""
    provider = pool(ssh_host)
    first, *others = await asyncio.gather(*(provider.ensure(token, SPEC) for _ in range(8)))
    assert {*others, await provider.get(first.id)} == {first}
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
async def test_an_account_that_is_not_root(
    ssh_host: SshHost, pool: Pool, token: str, sudo: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """With sudo it ends what others run; without, what is its own only, and that is told once."""
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
    for _ in range(2):
        assert await provider.find(token) == ()
        assert await provider.list_owned(token.partition("-")[0]) == ()
    told = [record for record in caplog.records if record.args == (ssh_host.name, "ops")]
    assert [record.levelno for record in told] == ([] if sudo else [logging.WARNING])
    assert not (ssh_host.files_of("ops") / ".multiplespawner").exists()


async def test_a_host_without_python(ssh_host_without_python: SshHost, pool: Pool, token: str) -> None:
    """A shell is enough."""
    host = ssh_host_without_python
    provider = pool(host)
    made = await provider.ensure(token, SPEC)
    start(host, "root", "sleep", "600", **{MARK: token})
    await until(lambda: running(host, token) == 1)
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
    provider = pool(down, up, connect_timeout=5)
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


async def test_what_is_asked_in_a_row_takes_one_login(
    ssh_host: SshHost, pool: Pool, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the connection was lost meanwhile, another; when nobody asks any more it is closed."""
    monkeypatch.setattr(line, "IDLE", 0.5)
    provider = pool(ssh_host)

    def logins() -> int:
        return ssh_host.sshd_log().count("Accepted publickey")

    made = await provider.ensure(token, SPEC)
    await provider.get(made.id)
    assert logins() == 1
    ssh_host.drop_connections()
    await provider.destroy(made.id)
    assert await provider.find(token) == ()
    assert logins() == 2
    await until(lambda: len(ssh_host.named("sshd")) == 1)


async def test_many_at_once_are_all_answered(ssh_host: SshHost, pool: Pool, token: str) -> None:
    """Sshd refuses who logs in while ten others do."""
    provider = pool(ssh_host)
    owner = token.partition("-")[0]
    tokens = [f"{owner}-{uuid.uuid4().hex}" for _ in range(24)]
    made = await asyncio.gather(*(provider.member(ssh_host.name).ensure(each, SPEC) for each in tokens))
    assert {instance.token for instance in await provider.list_owned(owner)} == set(tokens)
    await asyncio.gather(*(provider.destroy(instance.id) for instance in made))
    assert await provider.list_owned(owner) == ()


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


async def test_what_is_given_up_while_a_host_is_slow_leaves_no_session(
    ssh_host: SshHost, pool: Pool, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However often: the connection is still of use, and sshd permits ten sessions in it."""
    monkeypatch.setattr(line, "IDLE", 60.0)
    provider = pool(ssh_host)
    await provider.ensure(token, SPEC)
    sshd = ssh_host.named("sshd")
    serving = [each for each in sshd if each.parent() in sshd]
    for _ in range(2):
        for each in serving:
            each.suspend()
        for _ in range(6):
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.1):
                    await provider.find(token)
        for each in serving:
            each.resume()
        assert [found.token for found in await provider.find(token)] == [token]
    assert ssh_host.sshd_log().count("Accepted publickey") == 1
    await until(lambda: not [each for each in ssh_host.processes() if arguments_of(each) == ["sh", "-s"]])
