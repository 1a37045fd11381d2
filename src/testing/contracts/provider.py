"""What every provider must do, whether it allocates or the inner spawner does."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable

import attrs
import pytest
import pytest_asyncio

from ...application.ports.provider import (
    Instance,
    InstanceState,
    InvalidSpec,
    NotFound,
    Provider,
    ResourceSpec,
)
from ...domain.values import Amount, Hardware
from ..loop_stalls import Ticking
from ..patience import patiently
from .available import AvailableContract

Begin = Callable[[str], Awaitable[None]]

RESOURCE_TYPES = {"virtual_machine", "container", "bare_metal"}
STALL = 0.05
"""Seconds that the event loop may stand still; the best of several rounds counts, as machines have moods."""


@pytest.mark.asyncio
class ProviderContract(AvailableContract):
    """Inherit it and fill in the fixture `provider`, and `begin` where the inner spawner allocates.

    Instances are made and destroyed for real. A call whose error may be retried is made again.
    """

    seconds_to_run = 60.0
    """How long an instance may take until it runs."""
    seconds_between = 0.05
    """How long the suite waits between two looks."""

    @pytest.fixture
    def provider(self) -> Provider:
        """The provider under test, ready to be used."""
        raise NotImplementedError("override the fixture `provider`")

    @pytest.fixture
    def spec(self, provider: Provider) -> ResourceSpec:
        """Something small that the provider can give."""
        return ResourceSpec(provider.types[0], Hardware(cpu=1, memory=1))

    @pytest.fixture
    def begin(self, provider: Provider, spec: ResourceSpec) -> Begin:
        """Makes one thing with a token; where the inner spawner allocates: start what it would start."""
        if not provider.allocates:
            raise NotImplementedError("override the fixture `begin`")

        async def rent(token: str) -> None:
            await patiently(provider.ensure, token, spec)

        return rent

    @pytest.fixture
    def crowd(self) -> None:
        """Override it to make much that a slow look would have to go through."""

    @pytest_asyncio.fixture
    async def owner(self, provider: Provider) -> AsyncIterator[str]:
        """A fresh owner; what it still has when the test ends is destroyed."""
        owner = uuid.uuid4().hex[:16]
        yield owner
        for left in await patiently(provider.list_owned, owner):
            await patiently(provider.destroy, left.id)

    @pytest.fixture
    def token(self, owner: str) -> str:
        """A fresh token of the owner."""
        return a_token(owner)

    async def test_it_declares_itself(self, provider: Provider) -> None:
        """It is written for this version of the port and says what it gives and what it limits."""
        assert provider.api == 1
        assert provider.types
        assert set(provider.types) <= RESOURCE_TYPES
        assert all(isinstance(limit, Amount) for limit in provider.limits())

    async def test_its_settings_are_an_attrs_class(self, provider: Provider) -> None:
        """Each setting has a default or a validator, so that mistakes are found before a session is."""
        fields = attrs.fields(provider.settings_class)
        assert all(f.default is not attrs.NOTHING or f.validator is not None for f in fields)
        if all(f.default is not attrs.NOTHING for f in fields):
            assert provider.settings_class() == provider.settings_class()

    async def test_what_was_begun_is_found(self, provider: Provider, begin: Begin, token: str) -> None:
        """One thing is found by its token, with an id and a state."""
        await begin(token)
        (found,) = await patiently(provider.find, token)
        assert found.token == token
        assert found.id
        assert found.state is not InstanceState.GONE

    async def test_a_token_that_nothing_has_finds_nothing(self, provider: Provider, token: str) -> None:
        """An unknown token is no error."""
        assert await patiently(provider.find, token) == ()

    async def test_it_comes_to_run(self, provider: Provider, begin: Begin, token: str) -> None:
        """What was begun runs in the end, under the same id."""
        await begin(token)
        (found,) = await patiently(provider.find, token)
        running = await self.until_it_runs(provider, found.id)
        assert (running.id, running.token) == (found.id, token)

    async def test_ensuring_twice_gives_one(self, provider: Provider, spec: ResourceSpec, token: str) -> None:
        """A repeated `ensure` answers with what there is; one that doesn't allocate refuses for good."""
        if not provider.allocates:
            with pytest.raises(InvalidSpec):
                await provider.ensure(token, spec)
            return
        first = await patiently(provider.ensure, token, spec)
        second = await patiently(provider.ensure, token, spec)
        assert first.id == second.id
        assert [i.id for i in await patiently(provider.find, token)] == [first.id]

    async def test_destroyed_is_gone(self, provider: Provider, begin: Begin, token: str) -> None:
        """When `destroy` returns, nothing is found, and `get` says so."""
        await begin(token)
        (found,) = await patiently(provider.find, token)
        await patiently(provider.destroy, found.id)
        assert await patiently(provider.find, token) == ()
        with pytest.raises(NotFound):
            await patiently(provider.get, found.id)

    async def test_destroying_twice_is_success(self, provider: Provider, begin: Begin, token: str) -> None:
        """Gone already is what was wanted, also by two at once."""
        await begin(token)
        (found,) = await patiently(provider.find, token)
        await asyncio.gather(*(patiently(provider.destroy, found.id) for _ in range(2)))
        await patiently(provider.destroy, found.id)

    async def test_what_never_was_is_gone(self, provider: Provider) -> None:
        """An unknown id is destroyed with success, and `get` doesn't find it."""
        unknown = f"never-{uuid.uuid4().hex}"
        await patiently(provider.destroy, unknown)
        with pytest.raises(NotFound):
            await patiently(provider.get, unknown)

    async def test_destroying_one_leaves_the_other(
        self, provider: Provider, begin: Begin, owner: str
    ) -> None:
        """Two things of one owner end each by itself."""
        one, other = a_token(owner), a_token(owner)
        await begin(one)
        await begin(other)
        (found,) = await patiently(provider.find, one)
        await patiently(provider.destroy, found.id)
        assert [i.token for i in await patiently(provider.list_owned, owner)] == [other]

    async def test_an_owner_sees_only_their_own(self, provider: Provider, begin: Begin, owner: str) -> None:
        """All of an owner are listed; neither another owner nor the beginning of a name gets any."""
        tokens = {a_token(owner) for _ in range(2)}
        for token in tokens:
            await begin(token)
        assert {i.token for i in await patiently(provider.list_owned, owner)} == tokens
        for other in (uuid.uuid4().hex[:16], owner[:-1], owner[:1]):
            assert await patiently(provider.list_owned, other) == ()

    @pytest.mark.usefixtures("crowd")
    async def test_the_event_loop_is_never_blocked(
        self, provider: Provider, begin: Begin, token: str, owner: str
    ) -> None:
        """While it looks, lists and destroys, the loop goes on."""
        stalls = []
        for _ in range(5):
            await begin(token)
            async with Ticking() as ticking:
                (found,) = await patiently(provider.find, token)
                await patiently(provider.list_owned, owner)
                await patiently(provider.get, found.id)
                await patiently(provider.destroy, found.id)
            stalls.append(ticking.longest)
            if ticking.longest < STALL:
                return
        pytest.fail(f"the event loop stood still in every round, for {min(stalls):.3f} s at least")

    async def until_it_runs(self, provider: Provider, id: str) -> Instance:  # noqa: A002
        """Look at an instance until it runs; fails if it doesn't in time."""
        async with asyncio.timeout(self.seconds_to_run):
            while (now := await patiently(provider.get, id)).state is not InstanceState.RUNNING:
                assert now.state in (InstanceState.QUEUED, InstanceState.PENDING), now.detail
                await asyncio.sleep(self.seconds_between)
        return now


def a_token(owner: str) -> str:
    """A fresh resource token of an owner."""
    return f"{owner}-{uuid.uuid4().hex}"
