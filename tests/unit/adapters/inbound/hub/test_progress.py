"""Our own steps on the spawn page."""

import asyncio
from datetime import timedelta

from houses import Outside, until
from multiplespawner.adapters.inbound.hub.progress import own_steps
from multiplespawner.testing.fakes.faulty_providers import ProviderThatOnlyWatches


async def told(outside: Outside) -> list[int]:
    """How far a start says that it is, until its notebook starts."""
    house, begun, request = outside.house(), asyncio.Event(), outside.request()
    start = asyncio.create_task(house.start(request))

    async def listen() -> list[int]:
        steps = own_steps(house, request.resource, begun, lambda: False)
        return [event["progress"] async for event in steps]

    def time_goes_by() -> bool:
        outside.clock.advance(timedelta(seconds=1))
        return start.done()

    listening = asyncio.create_task(listen())
    await until(time_goes_by)
    begun.set()
    found = await listening
    await house.close()
    return found


async def test_each_step_towards_a_machine_is_told() -> None:
    """Ordered, made and ready, once each and in order."""
    found = await told(Outside())
    assert len(found) == 3
    assert found == sorted(set(found))


async def test_nothing_is_told_where_the_inner_spawner_allocates() -> None:
    """It tells itself what it does."""
    assert await told(Outside(provider=ProviderThatOnlyWatches())) == []


async def test_a_start_that_is_over_has_no_more_steps() -> None:
    """Also if nothing was ever requested."""
    house = Outside().house()
    assert [event async for event in own_steps(house, "0" * 32, asyncio.Event(), lambda: True)] == []
    await house.close()
