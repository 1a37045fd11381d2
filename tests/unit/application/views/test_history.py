"""Given a log, when some of its history is wanted, then that is told, and whom and what it is about."""

import asyncio
from contextlib import aclosing
from datetime import timedelta

import pytest

from houses import Outside, is_released, until
from multiplespawner.application.ports.event_log import Change, EventLog, Origin, Record
from multiplespawner.application.use_cases.session_request import SessionRequest
from multiplespawner.application.views import history, reading
from multiplespawner.application.views.history import History, Told
from multiplespawner.application.views.subjects import Subject, Subjects
from multiplespawner.application.views.wanted import Wanted
from multiplespawner.domain.session import SessionStopRequested
from multiplespawner.domain.values import ServerId
from multiplespawner.testing.fakes.memory_event_log import MemoryEventLog


@pytest.fixture
async def lives() -> tuple[EventLog, SessionRequest, SessionRequest]:
    """A log with two sessions, of users 1 and 2; the first is over."""
    outside = Outside()
    house = outside.house()
    first, second = outside.request(), outside.request(server=ServerId("other", 2, 2))
    for request in (first, second):
        starting = asyncio.create_task(house.start(request))
        await until(lambda started=starting: _later(outside, started))
    await house.stop(first.session, "user", "stopped")
    await until(lambda: is_released(house, first.resource))
    await house.close()
    return MemoryEventLog(outside.clock, shared_with=outside.log), first, second


def _later(outside: Outside, started: asyncio.Task) -> bool:
    outside.clock.advance(timedelta(seconds=1))
    return started.done()


async def told(log: EventLog, **wanted) -> list[Told]:
    """All that is wanted of what has happened."""
    found = History(log, Wanted(**wanted))
    return [each async for each in found.until(await log.position())]


def positions(found: list[Told]) -> list[int]:
    return [each.record.position for each in found]


async def test_whatever_is_wanted_is_what_a_look_at_all_gives(lives) -> None:
    """A session, a resource or a user is found by its streams as by reading everything."""
    log, first, second = lives
    for wanted in (
        Wanted(session=first.session),
        Wanted(resource=second.resource),
        Wanted(users=frozenset({("other", 2)})),
        Wanted(users=frozenset({(None, 1)}), names=("session.ended", "resource.released")),
    ):
        subjects = Subjects(log)
        everything = [(record, await subjects.of(record)) for record in await log.read_all()]
        expected = [record.position for record, subject in everything if wanted.admits(record, subject)]
        found = [each async for each in History(log, wanted).until(await log.position())]
        assert positions(found) == expected
        assert expected


@pytest.mark.parametrize("page", [1, 2, 3, 1000])
async def test_each_record_is_told_with_all_ids_that_belong_to_it(
    lives, page: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever a page ends."""
    log, first, _ = lives
    monkeypatch.setattr(reading, "PAGE", page)
    of_first = [each for each in await told(log) if each.subject.session == first.session]
    (deployment,) = {each.subject.deployment for each in of_first}
    assert {each.subject for each in of_first} == {
        Subject(first.session, first.resource, deployment, "hub", 1, "memory")
    }
    assert positions(of_first) == positions(await told(log, session=first.session))


@pytest.mark.parametrize("count", [0, 1, 7, 1000])
async def test_the_last_are_the_end_of_all(lives, count: int) -> None:
    """Without reading all."""
    everything = positions(await told(lives[0]))
    assert positions(await told(lives[0], last=count)) == everything[max(len(everything) - count, 0) :]
    of_user = positions(await told(lives[0], users=frozenset({(None, 1)})))
    assert positions(await told(lives[0], users=frozenset({(None, 1)}), last=count)) == of_user[
        -count:
    ] * bool(count)


async def test_since_counts_from_that_moment_on(lives) -> None:
    """What was told at that very moment is in it."""
    log = lives[0]
    records = await log.read_all()
    since = records[len(records) // 2].time
    expected = [record.position for record in records if record.time >= since]
    assert positions(await told(log, since=since)) == expected
    assert positions(await told(log, since=since, names=("session.ended",)))


async def test_what_comes_is_told_as_it_comes(lives, monkeypatch: pytest.MonkeyPatch) -> None:
    """From a position on, only what is wanted, once each."""
    log, first, second = lives
    monkeypatch.setattr(history, "POLL", 0.001)
    stop = SessionStopRequested("user", "stopped")
    async with aclosing(History(log, Wanted(session=second.session)).after(await log.position())) as coming:
        for _ in range(2):
            for request in (first, second):
                await append(log, f"session:{request.session}", stop)
            async with asyncio.timeout(5):
                found = await anext(coming)
            assert (found.record.stream, found.record.fact) == (f"session:{second.session}", stop)


async def append(log: EventLog, stream: str, fact) -> Record:
    """One more fact."""
    (record,) = await log.append([Change(stream, len(await log.read(stream)), (fact,))], Origin("hub"))
    return record
