"""Counting against what is shared: never too much, and no more reading than it takes."""

import asyncio

from houses import Outside, is_released, until
from multiplespawner.domain.allowance import PoolFull
from multiplespawner.domain.session import SessionPhase
from multiplespawner.testing.fakes.faulty_event_logs import LogInFront
from multiplespawner.testing.fakes.faulty_providers import ProviderThatOnlyWatches
from multiplespawner.testing.fakes.manual_clock import ManualClock
from multiplespawner.testing.fakes.memory_event_log import MemoryEventLog
from multiplespawner.testing.fakes.memory_provider import MemorySettings

POOL = "pool:memory"


class LogThatCounts(LogInFront):
    """Remembers how many records of the pool each look at it found, and how often it was appended to."""

    def __init__(self, log) -> None:
        super().__init__(log)
        self.looks: list[int] = []
        self.reservations = 0

    async def read(self, stream, after=0, limit=None):
        records = await super().read(stream, after, limit)
        if stream == POOL:
            self.looks.append(len(records))
        # as with a log on a disk, others go on meanwhile
        await asyncio.sleep(0)
        return records

    async def append(self, changes, origin):
        self.reservations += any(change.stream == POOL for change in changes)
        return await super().append(changes, origin)


def outside_with(maximum: int, records: MemoryEventLog | None = None) -> Outside:
    """Where at most so many sessions fit, on a log that counts; `records` are what it tells."""
    log = LogThatCounts(records or MemoryEventLog(ManualClock()))
    return Outside(log=log, provider=ProviderThatOnlyWatches(MemorySettings(maximum_sessions=maximum)))


async def test_two_houses_on_one_log_never_exceed_a_pool() -> None:
    """Of twenty at once, ten in each, exactly three start."""
    records = MemoryEventLog(ManualClock())
    first = outside_with(3, records)
    second = outside_with(3, MemoryEventLog(ManualClock(), shared_with=records))
    second.rivals, second.custody, second.ids = first.rivals, first.custody, first.ids
    houses = [(first.house(), first), (second.house(), second)]
    starts = [house.start(outside.request()) for house, outside in houses for _ in range(10)]
    results = await asyncio.gather(*starts, return_exceptions=True)

    assert sum(isinstance(result, PoolFull) for result in results) == 17
    assert sum(getattr(result, "phase", None) is SessionPhase.RUNNING for result in results) == 3
    for house, _ in houses:
        await house.close()


async def test_what_is_shared_is_read_only_to_take_or_return_and_only_what_is_new() -> None:
    """Neither polls nor the driver's turns look at it."""
    outside = outside_with(9)
    house = outside.house()
    requests = [outside.request() for _ in range(5)]
    for request in requests:
        await house.start(request)
        await house.poll(request.session)
    looks_to_start = len(outside.log.looks)
    for request in requests:
        await house.stop(request.session, "user", "stopped")
        await until(lambda resource=request.resource: is_released(house, resource))

    assert (looks_to_start, len(outside.log.looks)) == (5, 10)
    assert sum(outside.log.looks) == 9
    await house.close()


async def test_starts_at_once_do_not_clash_with_each_other() -> None:
    """They take turns, so that each appends once."""
    outside = outside_with(99)
    house = outside.house()
    await asyncio.gather(*(house.start(outside.request()) for _ in range(20)))

    assert outside.log.reservations == 20
    await house.close()
