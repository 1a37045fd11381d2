"""Pools of real hosts."""

import uuid
from pathlib import Path
from typing import Any

import pytest

from leased_hosts import Pool
from multiplespawner.adapters.outbound.providers.hosts.pool import HostsProvider
from multiplespawner.adapters.outbound.providers.hosts.settings import HostSettings, HostsSettings
from multiplespawner.adapters.outbound.ssh import UserCa
from ssh_hosts import SshHost


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
