"""What every provider does besides whose machines are given out one by one."""

import re
from typing import Protocol

import pytest

from ...application.ports.provider import NotFound, Pooled, Provider, ResourceSpec, Unavailable
from ...application.ports.providers import ProviderMissing
from ...domain.values import Amount
from ..patience import patiently

UNKNOWN = "nobody-has-this-name"


class PooledProvider(Pooled, Provider, Protocol):
    """Both ports."""


@pytest.mark.asyncio
class PooledContract:
    """Inherit it beside the providers' suite; its fixture `provider` must be a pool of two machines at least.

    All its machines are in order.
    """

    @pytest.fixture
    def pool(self, provider: PooledProvider) -> PooledProvider:
        """The provider under test."""
        assert isinstance(provider, Pooled)
        return provider

    async def test_its_machines_have_names_and_limits(self, pool: PooledProvider) -> None:
        """Names are words of their own, since they stand in ids and in the names of streams."""
        members = pool.members()
        names = [member.name for member in members]
        assert len(set(names)) == len(names) >= 2
        assert all(re.fullmatch(r"[A-Za-z0-9._-]{1,64}", name) for name in names)
        for member in members:
            assert all(isinstance(limit, Amount) for limit in member.limits)
            assert pool.member(member.name).limits() == member.limits
        assert pool.limits() == ()

    async def test_a_machine_is_a_provider_and_no_pool(self, pool: PooledProvider) -> None:
        """What it allocates and gives is what the pool does."""
        for member in pool.members():
            provider = pool.member(member.name)
            assert (provider.api, provider.allocates) == (pool.api, pool.allocates)
            assert set(provider.types) <= set(pool.types)
            assert not isinstance(provider, Pooled)

    async def test_a_machine_that_is_not_in_the_settings(self, pool: PooledProvider, owner: str) -> None:
        """It can't be asked, what it holds is not known, and the error names it."""
        with pytest.raises(ProviderMissing) as missing:
            pool.member(UNKNOWN)
        assert UNKNOWN in str(missing.value)
        for call in (pool.get, pool.destroy):
            with pytest.raises(Unavailable) as unavailable:
                await call(f"{UNKNOWN}/{owner}-1")
            assert UNKNOWN in str(unavailable.value)
        assert set(await pool.out_of_order([UNKNOWN])) == {UNKNOWN}

    async def test_machines_in_order_are_not_out_of_order(self, pool: PooledProvider) -> None:
        """Nothing is said of them, nor of machines that nobody asked about."""
        assert await pool.out_of_order([]) == {}
        assert await pool.out_of_order([member.name for member in pool.members()]) == {}

    async def test_what_is_on_one_machine_is_not_on_another(
        self, pool: PooledProvider, spec: ResourceSpec, token: str, owner: str
    ) -> None:
        """The pool knows all that its machines hold, under the same ids."""
        last, *others = (pool.member(member.name) for member in reversed(pool.members()))
        made = await patiently(last.ensure, token, spec)
        assert [found.id for found in await patiently(pool.find, token)] == [made.id]
        assert [found.id for found in await patiently(pool.list_owned, owner)] == [made.id]
        assert (await patiently(pool.get, made.id)).token == token
        for other in others:
            assert await patiently(other.find, token) == ()
            with pytest.raises(NotFound):
                await patiently(other.get, made.id)
            await patiently(other.destroy, made.id)
        assert [found.id for found in await patiently(last.find, token)] == [made.id]
        await patiently(pool.destroy, made.id)
        assert await patiently(last.find, token) == ()
