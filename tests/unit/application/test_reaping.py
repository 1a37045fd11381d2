"""Destroying what the log does not know any more, at providers that can't be relied on, on fakes."""

import asyncio

import pytest

from houses import OneProvider, Outside
from multiplespawner.application.ports.event_log import LogUnavailable
from multiplespawner.application.reaping import Reaped, reap
from multiplespawner.application.views.open_resources import OpenResources
from multiplespawner.testing.fakes.faulty_event_logs import LogInFront
from multiplespawner.testing.fakes.memory_provider import MemoryProvider

SECRET = "canary-of-the-provider"


class ProviderThatBreaks(MemoryProvider):
    """Raises what no port knows, and quotes its password."""

    async def list_owned(self, owner):
        raise KeyError(f"password={SECRET}")


class ProviderThatAnswersNonsense(MemoryProvider):
    """Returns what is no list."""

    async def list_owned(self, owner):
        return SECRET


class ProviderThatHangs(MemoryProvider):
    """Never says what it holds."""

    async def list_owned(self, owner):
        await asyncio.Event().wait()


class ProviderThatHangsWhileDestroying(MemoryProvider):
    """Destroys one thing, and never finishes with the next."""

    async def destroy(self, id):  # noqa: A002
        if len(self.instances) == 1:
            await asyncio.Event().wait()
        await super().destroy(id)


class ProvidersThatCannotMakeIt:
    """Making the provider itself fails in a way that no port knows."""

    def provider(self, name):
        raise TypeError(SECRET)

    def names(self):
        return ("memory",)


async def reaped(outside: Outside, providers=None) -> Reaped:
    """One round at the provider, which has little time."""
    providers = providers or OneProvider(outside.provider)
    return await reap(outside.log, OpenResources(outside.log), providers, "memory", limit=0.05)


@pytest.mark.parametrize("provider", [ProviderThatBreaks, ProviderThatAnswersNonsense])
async def test_a_provider_with_a_bug_is_told_by_kind_only(provider, caplog) -> None:
    """The round goes on; what the foreign error says is nowhere."""
    found = await reaped(Outside(provider=provider()))

    assert found.failed is not None
    assert SECRET not in found.failed + caplog.text


async def test_a_provider_that_can_not_even_be_made_is_told_by_kind_only(caplog) -> None:
    """Just so."""
    found = await reaped(Outside(), ProvidersThatCannotMakeIt())

    assert "TypeError" in (found.failed or "")
    assert SECRET not in (found.failed or "") + caplog.text


async def test_a_provider_that_hangs_is_left_after_a_while() -> None:
    """It is told that it did not answer in time."""
    async with asyncio.timeout(5):
        found = await reaped(Outside(provider=ProviderThatHangs()))

    assert found.failed is not None


async def test_what_was_destroyed_before_a_provider_hung_is_told() -> None:
    """The rest is tried in the next round."""
    outside = Outside(provider=ProviderThatHangsWhileDestroying())
    first, second = (outside.provider.rent_another(f"{outside.log.owner}-{n}") for n in (1, 2))
    found = await reaped(outside)

    assert (found.destroyed, found.failed is None) == ((first.id,), False)
    assert list(outside.provider.instances) == [second.id]


async def test_a_log_that_is_away_is_not_taken_for_a_trouble_of_the_provider() -> None:
    """Then nothing is known of any provider's orphans, and the whole round is tried again."""

    class LogThatIsAway(LogInFront):
        async def read(self, stream, after=0, limit=None):
            raise LogUnavailable("as scripted")

    outside = Outside()
    outside.provider.rent_another(f"{outside.log.owner}-1")
    outside.log = LogThatIsAway(outside.log)
    with pytest.raises(LogUnavailable):
        await reaped(outside)
