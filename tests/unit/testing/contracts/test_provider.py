"""The providers' suite notices what a provider does wrong."""

import time
from typing import ClassVar

import pytest

from multiplespawner.application.ports.provider import Instance, NotFound, ResourceSpec
from multiplespawner.domain.values import Hardware
from multiplespawner.testing.contracts.provider import Begin, ProviderContract, a_token
from multiplespawner.testing.fakes.memory_provider import MemoryProvider

OWNER = "0123456789abcdef"
TOKEN = a_token(OWNER)
SPEC = ResourceSpec("container", Hardware())


def by_ensuring(provider: MemoryProvider) -> Begin:
    async def begin(token: str) -> None:
        await provider.ensure(token, SPEC)

    return begin


class RentsEachTime(MemoryProvider):
    async def ensure(self, token: str, spec: ResourceSpec) -> Instance:
        return self._rent(token)


class ForgetsNothing(MemoryProvider):
    async def destroy(self, id: str) -> None:  # noqa: A002
        pass


class ForgetsAll(MemoryProvider):
    async def destroy(self, id: str) -> None:  # noqa: A002
        self.instances.clear()


class ComplainsOfGone(MemoryProvider):
    async def destroy(self, id: str) -> None:  # noqa: A002
        if self.instances.pop(id, None) is None:
            raise NotFound(id)


class MatchesBeginnings(MemoryProvider):
    async def list_owned(self, owner: str) -> tuple[Instance, ...]:
        return tuple(i for i in self.instances.values() if i.token.startswith(owner))


class Blocks(MemoryProvider):
    async def find(self, token: str) -> tuple[Instance, ...]:
        time.sleep(0.06)
        return await super().find(token)


class IsOfTheFuture(MemoryProvider):
    api: ClassVar[int] = 2


async def test_renting_each_time_is_noticed() -> None:
    """One that doesn't look whether there is one already."""
    with pytest.raises(AssertionError):
        await ProviderContract().test_ensuring_twice_gives_one(RentsEachTime(), SPEC, TOKEN)


async def test_what_is_not_destroyed_is_noticed() -> None:
    """One that says gone though it isn't."""
    provider = ForgetsNothing()
    with pytest.raises(AssertionError):
        await ProviderContract().test_destroyed_is_gone(provider, by_ensuring(provider), TOKEN)


async def test_destroying_too_much_is_noticed() -> None:
    """One that takes others along."""
    provider = ForgetsAll()
    with pytest.raises(AssertionError):
        await ProviderContract().test_destroying_one_leaves_the_other(provider, by_ensuring(provider), OWNER)


async def test_complaining_of_gone_is_noticed() -> None:
    """One for which a repeated destroy is an error."""
    provider = ComplainsOfGone()
    with pytest.raises(NotFound):
        await ProviderContract().test_destroying_twice_is_success(provider, by_ensuring(provider), TOKEN)
    with pytest.raises(NotFound):
        await ProviderContract().test_what_never_was_is_gone(provider)


async def test_matching_beginnings_is_noticed() -> None:
    """One that shows an owner what is somebody else's."""
    provider = MatchesBeginnings()
    with pytest.raises(AssertionError):
        await ProviderContract().test_an_owner_sees_only_their_own(provider, by_ensuring(provider), OWNER)


async def test_blocking_is_noticed() -> None:
    """One that works on the event loop."""
    provider = Blocks()
    with pytest.raises(pytest.fail.Exception):
        await ProviderContract().test_the_event_loop_is_never_blocked(
            provider, by_ensuring(provider), TOKEN, OWNER
        )


async def test_another_version_is_noticed() -> None:
    """One for another version of the port."""
    with pytest.raises(AssertionError):
        await ProviderContract().test_it_declares_itself(IsOfTheFuture())
