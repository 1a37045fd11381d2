"""A host with an account, and who starts notebooks on it."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from multiplespawner.ssh_spawner import SSHSpawner
from ssh_hosts import SshHost
from ssh_notebooks import SmallHub, key_for, spawner_for


@pytest.fixture
async def hub() -> AsyncIterator[SmallHub]:
    """What answers as the hub's API."""
    async with SmallHub() as small:
        yield small


@pytest.fixture
def made(ssh_host: SshHost, tmp_path: Path, hub: SmallHub) -> Callable[..., SSHSpawner]:
    """Makes spawners for ada, who has an account on the host."""
    key_for(ssh_host, "ada", tmp_path)

    def make(**traits: Any) -> SSHSpawner:
        return spawner_for(ssh_host, "ada", tmp_path, hub, **traits)

    return make
