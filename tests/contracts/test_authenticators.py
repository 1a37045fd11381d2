"""Every authenticator and every fake of one passes the authenticators' suite."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from multiplespawner.adapters.outbound.authenticators.ssh_authenticator import SSHAuthenticator
from multiplespawner.adapters.outbound.authenticators.ssh_settings import SSHAuthenticatorSettings
from multiplespawner.adapters.outbound.ssh import UserCa
from multiplespawner.application.ports.authenticator import AuthenticationFailed, Authenticator, Target
from multiplespawner.domain.values import Endpoint
from multiplespawner.testing.contracts.authenticator import AuthenticatorContract
from multiplespawner.testing.fakes.memory_authenticator import AuthenticatorThatRefuses, MemoryAuthenticator
from ssh_hosts import SshHost, ssh_hosts


def folder_below(path: Path) -> Path:
    """A deployment's own."""
    folder = path / "deployment"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("state")


@pytest.fixture(scope="module")
def host(ssh_possible: None, directory: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SshHost]:
    with ssh_hosts(tmp_path_factory.mktemp("hosts")) as (host,):
        host.account("admin")
        host.trust_user_ca(*UserCa(directory).public_keys())
        yield host


class TestSSHAuthenticator(AuthenticatorContract):
    """A real host, which trusts the hub's CA."""

    @pytest.fixture
    def authenticator(self, directory: Path) -> Authenticator:
        return SSHAuthenticator(SSHAuthenticatorSettings(), directory)

    @pytest.fixture
    def target(self, host: SshHost, tmp_path: Path) -> Target:
        endpoint = Endpoint(host.address, host.port)
        return Target(endpoint, (host.host_key,), "ada", "admin", folder_below(tmp_path))


class TestMemoryAuthenticator(AuthenticatorContract):
    """The fake that enters nothing."""

    @pytest.fixture
    def authenticator(self) -> Authenticator:
        return MemoryAuthenticator()

    @pytest.fixture
    def target(self, tmp_path: Path) -> Target:
        return Target(Endpoint("host.example", 2222), (), "ada", "admin", folder_below(tmp_path))


class TestAuthenticatorThatRefuses(TestMemoryAuthenticator):
    """The fake that has something against one host, and nothing against another."""

    @pytest.fixture
    def authenticator(self) -> Authenticator:
        refusal = AuthenticationFailed("host_key_mismatch", "It is another one.")
        return AuthenticatorThatRefuses(refusals={"other.example": refusal})

    async def test_what_it_refuses(self, authenticator: Authenticator, tmp_path: Path) -> None:
        """That host is refused with the reason given, and nothing is left."""
        target = Target(Endpoint("other.example"), (), "ada", None, folder_below(tmp_path))
        with pytest.raises(AuthenticationFailed) as failed:
            await authenticator.prepare(target)
        assert failed.value.code == "host_key_mismatch"
        assert list(target.folder.iterdir()) == []
