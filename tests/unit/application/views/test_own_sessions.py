"""A user's sessions are found without reading anybody else's."""

from datetime import datetime, timedelta

import pytest

from multiplespawner.application.ports.event_log import Change, Origin
from multiplespawner.application.views.own_sessions import OwnSessions
from multiplespawner.domain.session import SessionEnded, SessionFailed, SessionRequested
from multiplespawner.domain.values import Selection, ServerId
from multiplespawner.testing.fakes.manual_clock import ManualClock
from multiplespawner.testing.fakes.memory_event_log import MemoryEventLog


@pytest.fixture
def clock() -> ManualClock:
    """Goes on when told to."""
    return ManualClock()


@pytest.fixture
def log(clock: ManualClock) -> MemoryEventLog:
    """An empty log."""
    return MemoryEventLog(clock)


async def ask(log: MemoryEventLog, session: str, user: int = 1, hub: str = "hub") -> None:
    """Have a user ask for a session."""
    fact = SessionRequested(ServerId(hub, user, 1), Selection("a/b/c"), "digest")
    await log.append([Change(f"session:{session}", 0, (fact,))], Origin("hub"))


BEGINNING = datetime.min.replace(tzinfo=ManualClock().now().tzinfo)


async def test_a_user_s_sessions_come_newest_first(log: MemoryEventLog) -> None:
    """Those of others, and of users of other hubs with the same id, don't."""
    sessions = OwnSessions(log)
    await ask(log, "one")
    await ask(log, "other", user=2)
    await ask(log, "elsewhere", hub="other")
    assert await sessions.of("hub", 1, BEGINNING) == ["one"]
    await ask(log, "two")
    assert await sessions.of("hub", 1, BEGINNING) == ["two", "one"]
    assert await sessions.of("hub", 3, BEGINNING) == []


@pytest.mark.parametrize("end", [SessionEnded("stopped", 0), SessionFailed("start", "code", "words")])
async def test_those_that_are_over_are_told_apart(log: MemoryEventLog, end: SessionEnded) -> None:
    """However they ended."""
    sessions = OwnSessions(log)
    await ask(log, "one")
    await ask(log, "two")
    await log.append([Change("session:one", 1, (end,))], Origin("driver"))
    assert await sessions.of("hub", 1, BEGINNING, active=True) == ["two"]
    assert await sessions.of("hub", 1, BEGINNING, active=False) == ["one"]


async def test_those_from_before_a_time_are_left_out(log: MemoryEventLog, clock: ManualClock) -> None:
    """A user's id may have been another's before."""
    sessions = OwnSessions(log)
    await ask(log, "old")
    clock.advance(timedelta(seconds=1))
    born = clock.now()
    await ask(log, "new")
    assert await sessions.of("hub", 1, born) == ["new"]
