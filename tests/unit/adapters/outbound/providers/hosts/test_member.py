"""Given a member of a pool, then it says in the port's errors why it can't be asked."""

import errno
import os
from pathlib import Path

import pytest

from multiplespawner.adapters.outbound.providers.hosts.login_folder import LoginFolder
from multiplespawner.adapters.outbound.providers.hosts.member import HostMember
from multiplespawner.adapters.outbound.providers.hosts.settings import HostSettings, HostsSettings
from multiplespawner.application.ports.provider import Unavailable

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJzSYVJ0n2Dv5kRMt4nLKYPhwiNIgk8Y7yeUQ2XZ3wbE"
TOKEN = "0123456789abcdef-0123456789abcdef"


def member(directory: Path) -> HostMember:
    """One whose key is known."""
    host = HostSettings("gpu1", "10.0.0.1", host_key=KEY)
    return HostMember(host, HostsSettings((host,)), directory)


async def test_a_full_disk_of_the_hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder and the reason are told, although the system's error of a write names no file."""

    def no_space(_: LoginFolder) -> Path:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(LoginFolder, "make", no_space)
    with pytest.raises(Unavailable, match=f"gpu1: {tmp_path}/ssh: {os.strerror(errno.ENOSPC)}"):
        await member(tmp_path).find(TOKEN)
