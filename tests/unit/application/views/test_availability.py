"""How many more fit now, or how long until one does."""

import asyncio
import itertools
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from attrs import evolve

from houses import OFFER, OneProvider, Outside, is_released, until
from multiplespawner.application.ports.provider import Availability, Unavailable
from multiplespawner.application.views.availability import Availabilities, Pool
from multiplespawner.domain.allowance import Allowance, Member, PoolFull, Reserve, decide, fold
from multiplespawner.domain.offers import Range, Ranges
from multiplespawner.domain.values import Amount, Selection
from multiplespawner.testing.fakes.faulty_event_logs import LogInFront
from multiplespawner.testing.fakes.faulty_providers import ProviderThatOnlyWatches
from multiplespawner.testing.fakes.manual_clock import ManualClock
from multiplespawner.testing.fakes.memory_event_log import MemoryEventLog
from multiplespawner.testing.fakes.memory_pool import MemoryPool, MemoryPoolSettings, a_member
from multiplespawner.testing.fakes.memory_provider import MemorySettings
from multiplespawner.testing.fakes.provider_that_tells_what_is_free import ProviderThatTellsWhatIsFree

GPUS = evolve(OFFER, id="memory/Local/gpus", hardware=Ranges(gpu=Range(1, 4, 2)))


class WithGpus(ProviderThatOnlyWatches):
    """Has four."""

    def limits(self) -> tuple[Amount, ...]:
        return (*super().limits(), Amount("gpu", 4))


class Counting(LogInFront):
    """Counts reads."""

    reads = 0

    async def read(self, stream, after=0, limit=None):
        self.reads += 1
        return await super().read(stream, after, limit)


def an_outside(provider) -> Outside:
    clock = ManualClock()
    return Outside(provider=provider, clock=clock, log=Counting(MemoryEventLog(clock)))


async def start(outside, house, lifetime=None, offer=OFFER):
    """A session, with its lifetime in minutes."""
    selection = Selection(offer.id, offer.hardware.choose({}), lifetime)
    request = outside.request(selection=selection, offer=offer)
    await house.start(request)
    return request


async def test_what_a_pool_has_left() -> None:
    """Places until none is left; then the session that ends first tells, and one that ends makes room."""
    outside = an_outside(ProviderThatOnlyWatches(MemorySettings(maximum_sessions=2)))
    house = outside.house()
    told = house.availabilities
    assert await told.of([OFFER]) == {OFFER.id: Availability(2)}
    await start(outside, house, lifetime=60)
    assert await told.of([OFFER]) == {OFFER.id: Availability(1)}
    first = await start(outside, house, lifetime=30)
    assert await told.of([OFFER]) == {OFFER.id: Availability(0, timedelta(minutes=30))}
    outside.clock.advance(timedelta(minutes=10))
    assert await told.of([OFFER]) == {OFFER.id: Availability(0, timedelta(minutes=20))}
    await house.stop(first.session, "user", "stopped")
    await until(lambda: is_released(house, first.resource))
    assert await told.of([OFFER]) == {OFFER.id: Availability(1)}
    await house.close()


async def test_a_pool_that_nothing_leaves() -> None:
    """Without deadlines nobody knows how long."""
    outside = an_outside(ProviderThatOnlyWatches(MemorySettings(maximum_sessions=1)))
    house = outside.house()
    await start(outside, house)
    assert await house.availabilities.of([OFFER]) == {OFFER.id: Availability(0)}
    await house.close()


async def test_enough_of_it_has_to_come_back() -> None:
    """Who needs two waits for the second of two that have one each; each offer is told for itself."""
    outside = an_outside(WithGpus(MemorySettings(maximum_sessions=9)))
    house = outside.house()
    one = evolve(GPUS, id="memory/Local/one", hardware=Ranges(gpu=Range(1, 1, 1)))
    for lifetime in (40, 20, 60, None):
        await start(outside, house, lifetime, one)
    told = await house.availabilities.of([GPUS, one, OFFER])
    assert told[one.id] == Availability(0, timedelta(minutes=20))
    assert told[GPUS.id] == Availability(0, timedelta(minutes=40))
    assert told[OFFER.id] == Availability(5)
    await house.close()


async def test_more_than_there_ever_is() -> None:
    """It never fits, however long one waits."""
    outside = an_outside(WithGpus())
    five = evolve(GPUS, hardware=Ranges(gpu=Range(5, 5, 5)))
    assert await outside.house().availabilities.of([five]) == {five.id: Availability(0)}


async def test_without_limits_nobody_knows() -> None:
    """Nor of a provider that is not there."""
    outside = an_outside(ProviderThatOnlyWatches())
    other = evolve(OFFER, id="other/Local/machine", provider="other")
    told = await outside.house().availabilities.of([OFFER, other])
    assert told == {OFFER.id: Availability(), other.id: Availability()}


async def test_a_provider_that_knows_is_asked_once_for_the_same() -> None:
    """Whatever the number of offers."""
    provider = ProviderThatTellsWhatIsFree(room=3)
    offers = [evolve(OFFER, id=f"memory/Local/{number}") for number in range(500)]
    told = await an_outside(provider).house().availabilities.of([*offers, GPUS])
    assert set(told.values()) == {Availability(3)}
    assert len(told) == 501
    assert [method for method, _ in provider.calls] == ["availability"] * 2


@pytest.mark.parametrize("error", [Unavailable("down"), KeyError("a mistake of its own")])
async def test_a_provider_that_fails_holds_nobody_up(error) -> None:
    """Its offers are shown without."""

    class Failing(ProviderThatTellsWhatIsFree):
        async def availability(self, spec):
            raise error

    assert await an_outside(Failing()).house().availabilities.of([OFFER]) == {OFFER.id: Availability()}


async def test_a_full_pool_is_not_read_again_for_each_page() -> None:
    """The deadlines of what is in it are known after the first look; one that is set anew is seen."""
    outside = an_outside(ProviderThatOnlyWatches(MemorySettings(maximum_sessions=3)))
    house = outside.house()
    for lifetime in (30, 60, 90):
        await start(outside, house, lifetime)
    told = Availabilities(outside.log, OneProvider(outside.provider), outside.clock)
    offers = [evolve(OFFER, id=f"memory/Local/{number}") for number in range(500)]
    first = await told.of(offers)
    outside.log.reads = 0
    assert await told.of(offers) == first
    assert outside.log.reads == 1
    await house.close()


@pytest.mark.parametrize(
    ("limit", "need", "times"),
    [
        (1.0, 0.1, 10),
        (0.9, 0.3, 3),
        (2.4, 0.2, 12),
        (7, 2, 3),
        (0.1, 0.1, 1),
        (0.1, 0.2, 0),
    ],
)
def test_as_many_as_are_told_can_be_had(limit: float, need: float, times: int) -> None:
    """Whatever a computer makes of tenths: with some of it taken, too."""
    wanted = (Amount("memory", need),)
    allowance, told = Allowance(), []
    with suppress(PoolFull):
        for number in itertools.count():
            told.append(Pool({"memory": limit}, {"memory": allowance.used("memory")}).free(wanted))
            reserve = Reserve(
                str(number), wanted, (Amount("memory", limit),), datetime(2026, 1, 1, tzinfo=UTC)
            )
            allowance = fold(allowance, decide(reserve, allowance))
    assert told == list(range(times, -1, -1))


async def test_what_the_machines_of_a_pool_have_left() -> None:
    """Together, without those out of order and those that lack a label or could never give it."""
    big = Member("big", (Amount("sessions", 2), Amount("gpu", 2)), labels=(("zone", "a"),))
    pool = MemoryPool(MemoryPoolSettings((a_member("small", 3), big)))
    outside = an_outside(pool)
    house = outside.house()
    labelled = evolve(OFFER, id="memory/Local/labelled", labels=(("zone", "a"),))
    offers = (OFFER, GPUS, labelled)

    async def free() -> list[int | None]:
        return [each.free for each in (await house.availabilities.of(offers)).values()]

    assert await free() == [5, 1, 2]
    starting = asyncio.create_task(start(outside, house, lifetime=60, offer=GPUS))
    while not starting.done():
        outside.clock.advance(timedelta(seconds=1))
        await asyncio.sleep(0.01)
    assert await free() == [4, 0, 1]
    wait = (await house.availabilities.of(offers))[GPUS.id].wait
    assert wait is not None
    assert timedelta(minutes=50) < wait < timedelta(minutes=60)
    pool.take_down("small")
    assert await free() == [1, 0, 1]
    pool.take_down("big")
    assert await free() == [0, 0, 0]
    await house.close()
