"""Reading the log in parts misses nothing and reads nothing twice."""

from datetime import timedelta

import pytest

from multiplespawner.application.ports.event_log import Change, Origin
from multiplespawner.application.views.reading import (
    PAGE,
    SessionRecords,
    pages,
    pages_of_stream,
    position_at,
)
from multiplespawner.domain.allowance import AllowanceReturned
from multiplespawner.domain.session import SessionPlaced, SessionStarted
from multiplespawner.testing.fakes.manual_clock import ManualClock
from multiplespawner.testing.fakes.memory_event_log import MemoryEventLog

RETURNED = AllowanceReturned("r")


async def a_log(facts: int) -> MemoryEventLog:
    log = MemoryEventLog(ManualClock())
    await log.append([Change("pool:p", 0, (RETURNED,) * facts)], Origin("test"))
    return log


@pytest.mark.parametrize("facts", [0, 1, PAGE, PAGE + 1, 2 * PAGE + 3])
async def test_all_of_it(facts):
    """However many pages it takes, of the log and of a stream."""
    log = await a_log(facts)
    assert [r.position async for page in pages(log) for r in page] == list(range(1, facts + 1))
    assert [r.version async for page in pages_of_stream(log, "pool:p") for r in page] == list(
        range(1, facts + 1)
    )


@pytest.mark.parametrize("until", [0, 7, PAGE, PAGE + 1, PAGE + 7, 5 * PAGE])
async def test_between_two_positions(until):
    """From behind the first to the last, which counts."""
    log = await a_log(2 * PAGE)
    wanted = list(range(6, min(until, 2 * PAGE) + 1))
    assert [r.position async for page in pages(log, 5, until) for r in page] == wanted
    assert [r.position async for page in pages_of_stream(log, "pool:p", 5, until) for r in page] == wanted


async def test_some_facts_only():
    """By their stored names."""
    log = await a_log(3)
    await log.append([Change("session:a", 0, (SessionStarted("x"),))], Origin("test"))
    assert [r.name async for page in pages(log, names=["session.started"]) for r in page] == [
        "session.started"
    ]


async def test_a_position_by_its_time():
    """The last record at or before the time, though many share one and others share none."""
    clock = ManualClock()
    log, start = MemoryEventLog(clock), clock.now()
    assert await position_at(log, start) == 0
    for number in range(20):
        await log.append([Change(f"pool:{number}", 0, (RETURNED,) * (number % 3 + 1))], Origin("test"))
        clock.advance(timedelta(seconds=10))
    records = await log.read_all()
    for seconds in range(-5, 225, 5):
        time = start + timedelta(seconds=seconds)
        assert await position_at(log, time) == sum(record.time <= time for record in records)


async def test_a_session_and_what_it_is_on():
    """Its own stream and those it was placed on last, in order; a later look adds what is new."""
    log = MemoryEventLog(ManualClock())
    session = SessionRecords(log, "s")
    assert await session.now() == ()
    assert session.streams == ("session:s",)
    await log.append([Change("session:s", 0, (SessionPlaced("r", "d"),))], Origin("test"))
    await log.append(
        [Change("resource:r", 0, (RETURNED,)), Change("resource:x", 0, (RETURNED,))], Origin("test")
    )
    await log.append([Change("deployment:d", 0, (RETURNED,))], Origin("test"))
    assert [r.stream for r in await session.now()] == ["session:s", "resource:r", "deployment:d"]
    await log.append([Change("session:s", 1, (SessionStarted("x"),))], Origin("test"))
    assert [r.position for r in await session.now()] == [1, 2, 4, 5]
    assert session.streams == ("session:s", "resource:r", "deployment:d")
    assert [r.position for r in await SessionRecords(log, "s", 2).now()] == [1, 2]
