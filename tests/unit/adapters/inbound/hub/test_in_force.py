"""A hub sees edits by itself, and what it lets choose from is in the log before."""

import asyncio
from typing import Any

import pytest

from houses import NOTHING, Outside, until
from multiplespawner.adapters.inbound.hub import houses, in_force
from multiplespawner.application.ports.configuration import Configuration
from multiplespawner.application.use_cases.record_configuration import RecordConfiguration
from multiplespawner.testing.fakes.faulty_providers import ProviderThatOnlyWatches

OTHER = Configuration("other", ("t.json",))


def tasks() -> list[str]:
    """Names of the tasks that see to a house."""
    return sorted(
        task.get_name() for task in asyncio.all_tasks() if task.get_name().startswith("multiplespawner ")
    )


async def test_an_edit_is_seen_though_nobody_asks(outer: Any, offers: Any) -> None:
    """A start by REST asks for no form."""
    house = await houses.house_of(outer())
    offers(name="Edited")
    await until(lambda: [o.template for o in house.ports.configurations.current.offers] == ["Edited"])


async def test_the_tasks_end_with_the_house(outer: Any) -> None:
    """Nothing goes on behind a hub that ends."""
    one = outer()
    await houses.house_of(one)
    assert tasks() == ["multiplespawner configuration", "multiplespawner reconcile"]
    await houses._houses.opened(one).close()
    assert tasks() == []


async def test_what_may_be_chosen_from_is_recorded() -> None:
    """Also what came while it was recorded."""
    outside = Outside()
    house = outside.house()
    house.ports.configurations.said = OTHER
    assert await in_force.in_force(house) is OTHER
    assert [record.fact.digest for record in await outside.log.read("configuration:hub")] == [OTHER.digest]


async def test_a_log_in_doubt_is_told_nothing() -> None:
    """It is only observed; what may be chosen from is shown all the same."""
    outside = Outside(provider=ProviderThatOnlyWatches())
    await outside.house().start(outside.request())
    outside.custody.place = "elsewhere"
    house = outside.house()
    assert await in_force.in_force(house) is NOTHING
    assert await outside.log.read("configuration:hub") == ()


async def test_whatever_goes_wrong_it_is_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Foreign code is read too."""
    house, failures = Outside().house(), [RuntimeError("broken")]
    record = RecordConfiguration.__call__

    async def broken_once(self: RecordConfiguration) -> None:
        if failures:
            raise failures.pop()
        await record(self)

    monkeypatch.setattr(in_force, "LOOK_EVERY", 0)
    monkeypatch.setattr(RecordConfiguration, "__call__", broken_once)
    following = asyncio.create_task(in_force.follow(house))
    await until(lambda: house.ports.log.read("configuration:hub"))
    following.cancel()
