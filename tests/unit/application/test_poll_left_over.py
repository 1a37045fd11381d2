"""What a hub finds in its database is polled when it is clear whether it goes on, on fakes."""

import asyncio

import pytest

from houses import Outside
from multiplespawner.application.house import House
from multiplespawner.testing.fakes.faulty_providers import ProviderThatOnlyWatches
from multiplespawner.testing.fakes.scripted_inner_spawners import (
    SpawnerThatIsStoppedSlowly,
    SpawnerThatNeverStarts,
    SpawnerThatStarts,
)


@pytest.fixture
def outside() -> Outside:
    """Where the inner spawner itself allocates."""
    return Outside(provider=ProviderThatOnlyWatches())


async def after_a_kill(outside: Outside, house: House) -> House:
    """The house of the next process, which has not looked around yet."""
    await house.driver.close()
    house.watching.close()
    outside.rivals.clear()
    outside.spawners.after_restart.update(outside.spawners.held)
    outside.spawners.held.clear()
    return outside.house()


async def test_what_runs_is_told_at_once(outside: Outside) -> None:
    """A running session is polled as any other."""
    house = outside.house()
    request = outside.request(SpawnerThatStarts())
    await house.start(request)
    again = await after_a_kill(outside, house)

    assert await again.poll_left_over(request.session) is None
    await again.close()


async def test_an_interrupted_start_is_over_before_the_answer(outside: Outside) -> None:
    """The hub would wait for its notebook, and let nobody start another one meanwhile."""
    house, inner = outside.house(), SpawnerThatNeverStarts()
    request = outside.request(inner)
    start = asyncio.create_task(house.start(request))
    await inner.begun.wait()
    again = await after_a_kill(outside, house)
    start.cancel()
    polled = asyncio.create_task(again.poll_left_over(request.session))
    await again.reconcile()

    assert await asyncio.wait_for(polled, 5) == 1
    await again.close()


async def test_what_does_not_end_in_time_counts_as_running(outside: Outside) -> None:
    """A stop may take long; the hub starts nevertheless."""
    house, inner = outside.house(), SpawnerThatIsStoppedSlowly()
    request = outside.request(inner)
    await house.start(request)
    await house.stop.request(request.session, "user", "stopped")
    again = await after_a_kill(outside, house)
    await again.reconcile()

    assert await again.poll_left_over(request.session, limit=0.05) is None
    inner.gate.set()
    await again.close()
