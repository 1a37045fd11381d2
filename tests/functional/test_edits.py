"""The configuration is edited while sessions run, on a house of fakes."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from attrs import evolve, frozen
from cattrs import structure

from houses import Outside, is_released, until
from multiplespawner.adapters.outbound.providers.configured import ConfiguredProviders
from multiplespawner.application.house import House
from multiplespawner.application.ports.configuration import Configuration, Problem, Recipe, Severity
from multiplespawner.bootstrap.configuration import settings_in
from multiplespawner.domain.allowance import PoolFull
from multiplespawner.domain.offers import Offer
from multiplespawner.testing.fakes.memory_configurations import MemoryConfigurations
from multiplespawner.testing.fakes.memory_provider import MemoryProvider

PROBLEM = Problem(Severity.ERROR, "t.json", 1, (), "half of it", "all of it")


def says(provider: str | None, **settings: int) -> Configuration:
    """A configuration with one offer of a provider with these settings, or none."""
    if provider is None:
        return Configuration("none", ("t.json",))
    offer = Offer(
        id=f"{provider}/T/m", name="M", type="bare_metal", provider=provider, template="T", entry="m"
    )
    recipe = Recipe(offer, "a.Spawner", {}, provider_settings=settings)
    return Configuration(f"{provider} {settings}", ("t.json",), (), (recipe,))


@frozen
class Edited:
    """A house whose configuration can be edited."""

    outside: Outside
    files: MemoryConfigurations
    house: House

    async def edit(self, said: Configuration) -> None:
        """Have the files say this, and the house see it."""
        self.files.said = said
        await self.house.refresh_configuration()
        await self.house.record_configuration()

    async def facts(self) -> list[tuple[str, str]]:
        """Digest and result of each configuration in the log."""
        records = await self.outside.log.read("configuration:hub")
        return [(record.fact.digest, record.fact.result) for record in records]


@pytest.fixture
async def edited() -> AsyncIterator[Edited]:
    """A house whose configuration has the provider `memory`, which may hold one session."""
    outside, files = Outside(), MemoryConfigurations(says("memory", maximum_sessions=1))
    providers = ConfiguredProviders(lambda _: MemoryProvider, settings_in(files), structure, Path())
    house = House(evolve(outside.house().ports, configurations=files, providers=providers), "hub")
    clock = asyncio.create_task(moving(outside))
    yield Edited(outside, files, house)
    clock.cancel()
    await house.close()


async def moving(outside: Outside) -> None:
    """Let the clock run while somebody waits for it."""
    while True:
        if outside.clock.waited_for:
            outside.clock.advance(timedelta(seconds=2))
        await asyncio.sleep(0)


@pytest.mark.parametrize("later", [None, "other"])
async def test_a_provider_that_left_gives_back_what_it_holds(edited: Edited, later: str | None) -> None:
    """It stays as it was made, for release only: it is none of those that are offered."""
    house, request = edited.house, edited.outside.request()
    await house.start(request)
    provider = house.ports.providers.provider("memory")
    assert len(provider.instances) == 1

    await edited.edit(says(later))
    assert "memory" not in house.ports.providers.names()
    await house.stop(request.session, "user", "stopped")
    await until(lambda: is_released(house, request.resource))

    assert provider.instances == {}
    assert house.ports.providers.provider("memory") is provider


async def test_new_sessions_have_new_settings(edited: Edited) -> None:
    """What may be held at once is raised while one session runs."""
    house = edited.house
    await house.start(edited.outside.request())
    with pytest.raises(PoolFull):
        await house.start(edited.outside.request())

    await edited.edit(says("memory", maximum_sessions=2))
    await house.start(edited.outside.request())


async def test_each_change_is_a_fact(edited: Edited) -> None:
    """Accepted or refused, once, with the digest of what is in force."""
    await edited.house.record_configuration()
    first, other = edited.files.current, says("other")
    bad = evolve(other, digest="bad", problems=(PROBLEM,))
    for said in (first, bad, bad, first, other, bad, other):
        await edited.edit(said)
    assert await edited.facts() == [
        (first.digest, "accepted"),
        (first.digest, "refused"),
        (first.digest, "accepted"),
        (other.digest, "accepted"),
        (other.digest, "refused"),
        (other.digest, "accepted"),
    ]
