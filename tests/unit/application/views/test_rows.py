"""Tables of sessions and resources."""

from datetime import timedelta
from typing import Any

import pytest
from attrs import frozen

from houses import OFFER, Outside, is_released, until
from multiplespawner.application.ports.event_log import Change, Origin
from multiplespawner.application.views.resources import held_rows, resource_row, resource_rows
from multiplespawner.application.views.sessions import (
    session_row,
    session_rows,
)
from multiplespawner.domain.values import Selection
from multiplespawner.testing.fakes.faulty_providers import ProviderThatOnlyWatches
from multiplespawner.testing.fakes.manual_clock import ManualClock
from multiplespawner.testing.fakes.memory_event_log import MemoryEventLog

HOUR = timedelta(hours=1)


@frozen
class Told:
    """A log, and two requests that it tells of."""

    log: Any
    clock: ManualClock
    over: Any
    running: Any


@pytest.fixture
async def outside():
    """Two sessions: one ran for an hour and is over, the other still runs and has a deadline."""
    clock = ManualClock()
    outside = Outside(provider=ProviderThatOnlyWatches(), clock=clock, log=MemoryEventLog(clock))
    house = outside.house()
    over = outside.request()
    await house.start(over)
    clock.advance(HOUR)
    await house.stop(over.session, "user", "stopped")
    await until(lambda: is_released(house, over.resource))
    clock.advance(HOUR)
    running = outside.request(selection=Selection(OFFER.id, lifetime=60))
    await house.start(running)
    yield Told(outside.log, clock, over, running)
    await house.close()


async def test_sessions(outside):
    """Each once, with its times, its user and what became of it."""
    over, running = [row async for row in session_rows(outside.log)]
    assert (over.session, over.phase, over.reason) == (outside.over.session, "ended", "stopped")
    assert (over.user, over.hub, over.offer, over.provider) == (1, "hub", OFFER.id, "memory")
    assert (over.started - over.requested, over.ended - over.started) == (timedelta(), HOUR)
    assert (running.session, running.phase, running.ended) == (outside.running.session, "running", None)
    assert running.deadline - running.requested == HOUR
    assert running.resource == outside.running.resource


async def test_sessions_of_late(outside):
    """Those requested since a time, and those that are not over."""
    since = outside.clock.now() - timedelta(minutes=1)
    assert [row.session async for row in session_rows(outside.log, since)] == [outside.running.session]
    assert [row.session async for row in session_rows(outside.log, active=True)] == [outside.running.session]


async def test_the_moment_itself_counts(outside):
    """What was requested at that very time is since then; what another hub's clock calls earlier is not."""
    (over, running) = [row async for row in session_rows(outside.log)]
    since = running.requested
    assert [row.session async for row in session_rows(outside.log, since)] == [running.session]
    assert [row.session async for row in session_rows(outside.log, since, active=True)] == [running.session]
    assert [row.resource async for row in resource_rows(outside.log, since)] == [running.resource]
    outside.clock.advance(-HOUR)
    (requested, *_) = await outside.log.read(f"session:{over.session}")
    await outside.log.append([Change("session:late", 0, (requested.fact,))], Origin("test"))
    assert [row.session async for row in session_rows(outside.log, since)] == [running.session]


async def test_one_of_them(outside):
    """The same row by its id; none for an unknown one."""
    rows = [row async for row in session_rows(outside.log)]
    assert [await session_row(outside.log, row.session) for row in rows] == rows
    assert await session_row(outside.log, "unknown") is None
    held = [row async for row in resource_rows(outside.log)]
    assert [await resource_row(outside.log, row.resource) for row in held] == held
    assert await resource_row(outside.log, "unknown") is None


async def test_resources(outside):
    """What is held, and on demand what ever was."""
    (held,) = [row async for row in held_rows(outside.log)]
    assert (held.resource, held.session, held.phase) == (
        outside.running.resource,
        outside.running.session,
        "provisioned",
    )
    gone, again = [row async for row in resource_rows(outside.log)]
    assert again == held
    assert (gone.resource, gone.phase, gone.released - gone.requested) == (
        outside.over.resource,
        "released",
        HOUR,
    )
