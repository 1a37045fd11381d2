"""Given a member of a pool, then it says in the port's errors why it can't be asked."""

import asyncio
import errno
import os
from pathlib import Path

import pytest

from multiplespawner.adapters.outbound.providers.hosts import member
from multiplespawner.adapters.outbound.providers.hosts.line import Line
from multiplespawner.adapters.outbound.providers.hosts.login_folder import LoginFolder
from multiplespawner.adapters.outbound.providers.hosts.member import HostMember
from multiplespawner.adapters.outbound.providers.hosts.settings import HostSettings, HostsSettings
from multiplespawner.application.ports.provider import Unavailable

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJzSYVJ0n2Dv5kRMt4nLKYPhwiNIgk8Y7yeUQ2XZ3wbE"
TOKEN = "0123456789abcdef-0123456789abcdef"


def made(directory: Path, timeout: float = 20) -> HostMember:
    """One whose key is known."""
    host = HostSettings("gpu1", "10.0.0.1", host_key=KEY)
    return HostMember(host, HostsSettings((host,), connect_timeout=timeout), directory)


async def test_a_full_disk_of_the_hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder and the reason are told, although the system's error of a write names no file."""

    def no_space(_: LoginFolder) -> Path:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(LoginFolder, "make", no_space)
    with pytest.raises(Unavailable, match=f"gpu1: {tmp_path}/ssh: {os.strerror(errno.ENOSPC)}"):
        await made(tmp_path).find(TOKEN)


async def test_who_waits_for_others_has_time_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A host that answers each in time is not said to be silent."""

    async def slowly(*_: object) -> tuple[tuple[tuple[str, str]]]:
        await asyncio.sleep(0.35)
        return ((("lease", TOKEN),),)

    monkeypatch.setattr(member, "TO_ANSWER", 0.2)
    monkeypatch.setattr(Line, "ask", slowly)
    one = made(tmp_path, timeout=0.1)
    assert all(await asyncio.gather(*(one.find(TOKEN) for _ in range(member.AT_ONCE + 1))))


async def test_a_host_of_which_others_ask_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """That it was not asked is told, and after a while."""

    async def never(*_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(Line, "ask", never)
    one = made(tmp_path)
    others = [asyncio.create_task(one.find(TOKEN)) for _ in range(member.AT_ONCE)]
    await asyncio.sleep(0)
    monkeypatch.setattr(member, "TO_ANSWER", -59.9)
    with pytest.raises(Unavailable, match="not asked"):
        await one.find(TOKEN)
    for each in others:
        each.cancel()
    await asyncio.gather(*others, return_exceptions=True)
