"""A host with two people, and a deployment on it."""

from pathlib import Path

import pytest

from multiplespawner.adapters.outbound.ssh import UserCa
from multiplespawner.application.ports.authenticator import Target
from multiplespawner.domain.values import Endpoint
from ssh_entering import new_key
from ssh_hosts import SshHost


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """The spawner's own."""
    return tmp_path / "state"


@pytest.fixture
def ca(directory: Path) -> UserCa:
    """The hub's."""
    return UserCa(directory)


@pytest.fixture
def host(ssh_host: SshHost, ca: UserCa) -> SshHost:
    """A host with two people, that trusts the hub's CA."""
    ssh_host.account("admin")
    ssh_host.account("ada")
    ssh_host.trust_user_ca(*ca.public_keys())
    return ssh_host


@pytest.fixture
def target(host: SshHost, tmp_path: Path) -> Target:
    """A deployment for one of the people, set up by the other."""
    folder = tmp_path / "deployment"
    folder.mkdir(mode=0o700)
    return Target(Endpoint(host.address), (host.host_key,), "ada", "admin", folder)


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    """An administrator's own key."""
    return new_key(tmp_path / "id_admin")
