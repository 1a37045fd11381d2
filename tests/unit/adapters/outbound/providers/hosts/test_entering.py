"""Given a host of a pool, then a login has files of its own, which are gone with it, whatever happens."""

import asyncio
import time
from pathlib import Path
from threading import Event, Thread, current_thread

import pytest

from multiplespawner.adapters.outbound.providers.hosts import entering
from multiplespawner.adapters.outbound.providers.hosts.entering import Entrance
from multiplespawner.adapters.outbound.providers.hosts.login_folder import LoginFolder
from multiplespawner.adapters.outbound.providers.hosts.settings import HostSettings, HostsSettings
from multiplespawner.adapters.outbound.ssh import SshFailed, UserCa
from multiplespawner.adapters.outbound.ssh.certificates import Certificate

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJzSYVJ0n2Dv5kRMt4nLKYPhwiNIgk8Y7yeUQ2XZ3wbE"


def entrance(directory: Path, **said: str) -> Entrance:
    """Into a host whose key is known."""
    host = HostSettings("gpu1", "10.0.0.1", host_key=KEY, **said)  # type: ignore[arg-type]
    return Entrance(host, HostsSettings((host,), port=2222, user="ops"), directory)


def logins(directory: Path) -> list[Path]:
    """Folders for logins."""
    return [path for path in (directory / "ssh").iterdir() if path.is_dir()]


async def test_a_login_has_a_key_and_a_certificate(tmp_path: Path) -> None:
    """For the account, for minutes; only we can read them, and each login has its own."""
    way = entrance(tmp_path)
    keys = await way.host_keys()
    async with way.access(keys) as access, way.access(keys) as other:
        assert (access.address, access.port, access.user) == ("10.0.0.1", 2222, "ops")
        assert access.known_hosts_file.read_text() == f"[10.0.0.1]:2222 {KEY}\n"
        certificate = Certificate.parse(access.key_file.with_name("key-cert.pub").read_text())
        assert certificate.principals == ("ops",)
        assert 60 < certificate.until.timestamp() - time.time() <= entering.LIFETIME
        for file in (access.key_file, access.known_hosts_file):
            assert file.stat().st_mode & 0o077 == 0
        assert access.key_file.parent.stat().st_mode & 0o077 == 0
        assert access.key_file.read_text() != other.key_file.read_text()
    assert logins(tmp_path) == []


async def test_files_are_removed_beside_the_event_loop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow disk makes nobody else wait."""
    threads: list[Thread] = []

    class Watched(LoginFolder):
        def remove(self) -> None:
            threads.append(current_thread())
            super().remove()

    monkeypatch.setattr(entering, "LoginFolder", Watched)
    async with entrance(tmp_path).access((KEY,)):
        pass
    assert threads
    assert current_thread() not in threads
    assert logins(tmp_path) == []


async def test_a_key_file_is_used_where_it_lies(tmp_path: Path) -> None:
    """No certificate is made, nor a CA."""
    way = entrance(tmp_path, ssh_keyfile=str(tmp_path / "mine"))
    async with way.access(await way.host_keys()) as access:
        assert access.key_file == tmp_path / "mine"
    assert [path.name for path in (tmp_path / "ssh").iterdir()] == ["lock"]


async def test_what_goes_wrong_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither in the login nor where it is prepared."""
    way = entrance(tmp_path)
    with pytest.raises(RuntimeError):
        async with way.access((KEY,)):
            raise RuntimeError
    (tmp_path / "ssh" / "user_ca.json").write_text("damaged")
    with pytest.raises(SshFailed):
        async with way.access((KEY,)):
            pass
    assert logins(tmp_path) == []


async def test_who_is_cancelled_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The thread that writes the key is waited for."""
    signing, go_on, sign = Event(), Event(), UserCa.sign

    def slowly(self: UserCa, *args: object, **said: object) -> str:
        signing.set()
        go_on.wait(10)
        return sign(self, *args, **said)  # type: ignore[arg-type]

    monkeypatch.setattr(UserCa, "sign", slowly)

    async def enter() -> None:
        async with entrance(tmp_path).access((KEY,)):
            pass

    entered = asyncio.create_task(enter())
    await asyncio.to_thread(signing.wait, 10)
    entered.cancel()
    await asyncio.sleep(0)
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await entered
    assert logins(tmp_path) == []


async def test_what_a_killed_process_left_is_removed(tmp_path: Path) -> None:
    """At the next login; that of a process which still logs in stays."""
    left = tmp_path / "ssh/login-left"
    left.mkdir(parents=True)
    async with entrance(tmp_path).access((KEY,)) as first, entrance(tmp_path).access((KEY,)) as second:
        both = {first.key_file.parent, second.key_file.parent}
        assert set(logins(tmp_path)) == both
    assert logins(tmp_path) == []
