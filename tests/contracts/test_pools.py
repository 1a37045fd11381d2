"""Every pool of machines, and each machine of one, passes the providers' suite."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from multiplespawner.adapters.outbound.providers.hosts.member import HostMember
from multiplespawner.adapters.outbound.providers.hosts.pool import HostsProvider
from multiplespawner.adapters.outbound.providers.hosts.settings import HostSettings, HostsSettings
from multiplespawner.adapters.outbound.ssh import UserCa
from multiplespawner.application.ports.provider import OutOfCapacity, ResourceSpec
from multiplespawner.domain.values import Hardware
from multiplespawner.testing.contracts.keeps_applied import KeepsAppliedContract
from multiplespawner.testing.contracts.pooled import PooledContract
from multiplespawner.testing.contracts.provider import ProviderContract
from multiplespawner.testing.fakes.memory_pool import MemoryMachine, MemoryPool, a_member
from ssh_hosts import SshHost
from ssh_hosts import ssh_hosts as hosts_over_ssh

SPEC = ResourceSpec("bare_metal", Hardware(cpu=1, memory=1))


@pytest.fixture(scope="module")
def pool_hosts(ssh_possible: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[SshHost]]:
    """Two real hosts."""
    with hosts_over_ssh(tmp_path_factory.mktemp("hosts"), 2) as hosts:
        yield hosts


@pytest.fixture
def real_pool(pool_hosts: list[SshHost], tmp_path: Path) -> HostsProvider:
    """A pool of them, which trust its hub's CA."""
    for host in pool_hosts:
        host.trust_user_ca(*UserCa(tmp_path).public_keys())
    said = (HostSettings(host.name, host.address, host_key=host.host_key) for host in pool_hosts)
    return HostsProvider(HostsSettings(tuple(said)), tmp_path)


class TestHostsProvider(ProviderContract, PooledContract):
    """Real hosts, over SSH."""

    @pytest.fixture
    def provider(self, real_pool: HostsProvider) -> HostsProvider:
        return real_pool


class TestHostMember(ProviderContract, KeepsAppliedContract):
    """One of them, as a provider of its own."""

    @pytest.fixture
    def provider(self, real_pool: HostsProvider) -> HostMember:
        member = real_pool.member(real_pool.members()[0].name)
        assert isinstance(member, HostMember)
        return member


class TestMemoryPool(ProviderContract, PooledContract):
    """The fake."""

    seconds_between = 0

    @pytest.fixture
    def provider(self) -> MemoryPool:
        return MemoryPool()


class TestMemoryMachine(ProviderContract, KeepsAppliedContract):
    """One of its machines."""

    seconds_between = 0

    @pytest.fixture
    def provider(self) -> MemoryMachine:
        return MemoryMachine(a_member("one"))


async def test_a_machine_that_is_down_is_passed_over() -> None:
    """The pool takes the next one; with none left it says so; brought up again, it is as before."""
    pool = MemoryPool()
    pool.take_down("one")
    assert set(await pool.out_of_order(["one", "two"])) == {"one"}
    await pool.providers["two"].ensure("a-1", SPEC)
    assert [instance.token for instance in await pool.list_owned("a")] == ["a-1"]
    pool.take_down("two")
    pool.bring_up("one")
    assert (await pool.member("one").ensure("a-2", SPEC)).id == "one/1"
    pool.take_down("one")
    for name in ("one", "two"):
        pool.providers[name].down_for = 0
    with pytest.raises(OutOfCapacity):
        await pool.ensure("a-3", SPEC)
