"""What the writing thread does with appends that come together, clash or lose their reply."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from eventsourcing.persistence import StoredEvent

from multiplespawner.adapters.outbound.event_store.recorded_event_log import RecordedEventLog
from multiplespawner.adapters.outbound.event_store.sqlite_store import SqliteStore
from multiplespawner.application.ports.event_log import Change, Clash, LogUnavailable, Origin
from multiplespawner.domain.session import SessionEnded, SessionExpirySet, SessionStarted
from multiplespawner.testing.fakes.manual_clock import START, ManualClock

ORIGIN = Origin("hub")
STARTED = SessionStarted("http://10.0.0.1:8888")

Fault = Callable[[Sequence[StoredEvent]], None]


class FaultyStore(SqliteStore):
    """Counts transactions; a fault may run before or after each."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.transactions: list[int] = []
        self.before: Fault = lambda _: None
        self.after: Fault = lambda _: None

    def insert(self, events: Sequence[StoredEvent]) -> Sequence[int]:
        self.transactions.append(len(events))
        self.before(events)
        positions = super().insert(events)
        self.after(events)
        return positions


def fail(error: Exception) -> Fault:
    def now(_: Sequence[StoredEvent]) -> None:
        raise error

    return now


@pytest.fixture
def store(tmp_path: Path) -> FaultyStore:
    return FaultyStore(tmp_path / "events.sqlite")


@pytest.fixture
async def log(store: FaultyStore):
    log = RecordedEventLog(store, ManualClock(), "1.0")
    yield log
    await log.close()


def starts(log: RecordedEventLog, count: int):
    return [log.append([Change(f"session:{number}", 0, (STARTED,))], ORIGIN) for number in range(count)]


async def test_few_transactions_for_many_callers(log: RecordedEventLog, store: FaultyStore) -> None:
    """Appends that wait while one is written share the next transaction."""
    await asyncio.gather(*starts(log, 200))
    assert sum(store.transactions) == 200
    assert len(store.transactions) < 20


async def test_clash_of_one_is_retried_alone(log: RecordedEventLog, store: FaultyStore) -> None:
    """One caller's clash undoes the common transaction; the others get theirs all the same."""
    await log.append([Change("session:3", 0, (STARTED,))], ORIGIN)
    results = await asyncio.gather(*starts(log, 10), return_exceptions=True)
    assert [isinstance(result, Clash) for result in results] == [number == 3 for number in range(10)]


async def test_lost_reply_is_no_clash(log: RecordedEventLog, store: FaultyStore) -> None:
    """Where a database is asked again after a lost reply, its first answer is recognised as ours."""

    def again(events: Sequence[StoredEvent]) -> None:
        SqliteStore.insert(store, events)

    store.after = again
    first, second = await log.append([Change("session:a", 0, (STARTED, SessionExpirySet(START)))], ORIGIN)
    store.after = lambda _: None
    assert await log.read("session:a") == (first, second)
    third = await log.append([Change("session:a", 2, (SessionEnded("idle", 0),))], ORIGIN)
    assert third[0].previous == second.digest


async def test_same_words_of_another_are_a_clash(log: RecordedEventLog, tmp_path: Path) -> None:
    """Who appends the very same fact at the very same time is still somebody else."""
    other = RecordedEventLog(SqliteStore(tmp_path / "events.sqlite"), ManualClock(), "1.0")
    await other.append([Change("session:a", 0, (STARTED,))], ORIGIN)
    with pytest.raises(Clash):
        await log.append([Change("session:a", 0, (STARTED,))], ORIGIN)
    await other.close()


async def test_unavailable(log: RecordedEventLog, store: FaultyStore) -> None:
    """While the store fails every caller is told, nothing is announced, and it works again afterwards."""
    heard: list[object] = []
    log.subscribe(heard.append)
    store.before = fail(LogUnavailable("down"))
    results = await asyncio.gather(*starts(log, 5), return_exceptions=True)
    assert {type(result) for result in results} == {LogUnavailable}
    assert heard == []
    store.before = lambda _: None
    await asyncio.gather(*starts(log, 5))
    assert len(await log.read_all()) == len(heard) == 5


async def test_unexpected_error_reaches_the_caller(log: RecordedEventLog, store: FaultyStore) -> None:
    """An error that nobody thought of is the caller's, and does not end the writing thread."""
    store.before = fail(ZeroDivisionError())
    results = await asyncio.gather(*starts(log, 3), return_exceptions=True)
    assert {type(result) for result in results} == {ZeroDivisionError}
    store.before = lambda _: None
    await asyncio.gather(*starts(log, 3))


async def test_what_json_cannot_say(log: RecordedEventLog) -> None:
    """A caller with a fact that can't be stored is told; those beside it are not disturbed."""
    bad = SessionExpirySet(START.replace(tzinfo=None))
    results = await asyncio.gather(
        log.append([Change("session:bad", 0, (bad,))], ORIGIN), *starts(log, 3), return_exceptions=True
    )
    assert [type(result) for result in results] == [ValueError, tuple, tuple, tuple]


def test_one_log_in_several_event_loops(store: FaultyStore) -> None:
    """A log belongs to no event loop: each may be used after the other."""
    log = RecordedEventLog(store, ManualClock(), "1.0")
    heard: list[object] = []
    log.subscribe(heard.append)
    for number in range(3):
        asyncio.run(log.append([Change("session:a", number, (STARTED,))], ORIGIN))
    assert len(asyncio.run(log.read("session:a"))) == len(heard) == 3
    asyncio.run(log.close())


def test_append_that_outlives_its_loop(store: FaultyStore) -> None:
    """A loop that ends while an append is under way loses the news, not the append."""
    log = RecordedEventLog(store, ManualClock(), "1.0")

    async def begin() -> asyncio.Task[object]:
        task = asyncio.create_task(log.append([Change("session:a", 0, (STARTED,))], ORIGIN))
        await asyncio.sleep(0)
        return task

    assert asyncio.run(begin()).cancelled()
    asyncio.run(log.append([Change("session:b", 0, (STARTED,))], ORIGIN))
    assert len(asyncio.run(log.read("session:a"))) == 1
    asyncio.run(log.close())
