"""Sessions on a pool of machines: never two where there is room for one, and nothing left of who got none."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import pytest
from attrs import evolve

from houses import OFFER, OneProvider, Outside, is_released, until, world_of
from multiplespawner.application.doubts import Doubts
from multiplespawner.application.failures import StepFailed
from multiplespawner.application.house import House
from multiplespawner.application.placing import provider_of
from multiplespawner.application.ports.provider import NotTrusted
from multiplespawner.application.ports.providers import ProviderMissing
from multiplespawner.application.use_cases.start_session import SessionFailed
from multiplespawner.domain.allowance import Member, NoMachineFits, NoMachineUsable, PoolFull, stream_of
from multiplespawner.domain.resource import Resource
from multiplespawner.domain.session import Session, SessionPhase
from multiplespawner.domain.steps import Allocate, Authenticate, Configure, Release, StartSpawner
from multiplespawner.domain.values import Amount, Hardware, Selection
from multiplespawner.domain.world import World
from multiplespawner.testing.fakes.faulty_event_logs import LogInFront
from multiplespawner.testing.fakes.manual_clock import ManualClock
from multiplespawner.testing.fakes.memory_event_log import MemoryEventLog
from multiplespawner.testing.fakes.memory_pool import MemoryPool, MemoryPoolSettings, a_member
from multiplespawner.testing.fakes.scripted_inner_spawners import SpawnerThatFailsToStart

SEVEN = MemoryPoolSettings(tuple(a_member(f"m{number}") for number in range(7)))


class LogOfOthersToo(LogInFront):
    """As with a log on a disk, others go on while one looks."""

    async def read(self, stream, after=0, limit=None):
        await asyncio.sleep(0)
        return await super().read(stream, after, limit)


@pytest.fixture
async def passing() -> AsyncIterator[Callable[[ManualClock], None]]:
    """Let a clock run while somebody waits for it."""
    tasks: list[asyncio.Task[None]] = []

    async def passes(clock: ManualClock) -> None:
        while True:
            if clock.waited_for:
                clock.advance(timedelta(seconds=2))
            await asyncio.sleep(0)

    yield lambda clock: tasks.append(asyncio.create_task(passes(clock)))
    for task in tasks:
        task.cancel()


@pytest.fixture
async def outside(passing: Any) -> Outside:
    """Two machines, `one` and `two`, for one session each."""
    made = Outside(provider=MemoryPool())
    passing(made.clock)
    return made


async def held(house: House, pool: MemoryPool) -> dict[str, int]:
    """How many resources the log counts on each machine where there are some."""
    taken = {m.name: await house.ledger.allowance(stream_of("memory", m.name)) for m in pool.members()}
    return {name: len(each.reservations) for name, each in taken.items() if each.reservations}


def rented(pool: MemoryPool) -> dict[str, int]:
    """How many instances each machine has, where there are some."""
    return {name: len(each.instances) for name, each in pool.providers.items() if each.instances}


async def stop(house: House, session: Session, id_: str) -> None:
    """End a session, and wait until nothing of it is held."""
    await house.stop(id_, "user", "stopped")
    await until(lambda: is_released(house, session.resource or ""))


@pytest.mark.parametrize("inner", [None, SpawnerThatFailsToStart()])
async def test_a_machine_on_which_a_start_failed_comes_last_for_a_while(
    outside: Outside, inner: Any, caplog: Any
) -> None:
    """Else it would be the least used one, and everybody would be sent there."""
    pool, house = outside.provider, outside.house()
    if inner is None:
        pool.providers["one"].ensure = refuses
    with pytest.raises(SessionFailed):
        await house.start(outside.request(inner))
    assert "A start failed on machine one of memory (" in caplog.text
    await until(lambda: rented(pool) == {})

    request = outside.request()
    session = await house.start(request)
    assert rented(pool) == {"two": 1}
    await stop(house, session, request.session)
    outside.clock.advance(timedelta(minutes=6))
    pool.providers["one"].__dict__.pop("ensure", None)
    await house.start(outside.request())
    assert rented(pool) == {"one": 1}
    await house.close()


@pytest.mark.parametrize(
    ("step", "error", "seconds", "is_doubted"),
    [
        (
            Authenticate(),
            StepFailed("authenticate", "account_reserved", "It is the administrator's."),
            0,
            False,
        ),
        (Authenticate(), StepFailed("authenticate", "ca_not_trusted", "It does not know us."), 0, True),
        (Authenticate(), StepFailed("authenticate", "principal_refused", "It lists nobody."), 0, True),
        (Configure(), StepFailed("configure", "playbook_missing", "There is none."), 0, False),
        (Configure(), StepFailed("configure", "task_failed", "No disk."), 0, True),
        (Allocate(), StepFailed("provision", "of_another_provider", "No."), 0, True),
        (Allocate(), StepFailed("provision", "invalid_spec", "Too much."), 0, False),
        (Release(), StepFailed("release", "provider_unavailable", "It is off."), 0, False),
        (StartSpawner(), StepFailed("start", "notebook_ended", "Status 1."), 0, True),
        (StartSpawner(), StepFailed("start", "port_taken", "Somebody was faster."), 0, False),
        (StartSpawner(), asyncio.CancelledError(), 1, False),
        (StartSpawner(), asyncio.CancelledError(), 60, True),
    ],
)
async def test_only_what_tells_of_the_machine_puts_it_in_doubt(
    step: Any, error: BaseException, seconds: int, is_doubted: bool
) -> None:
    """Not what would fail on every other one as well, nor that somebody has thought better of it."""
    clock = ManualClock()
    doubts = Doubts(clock)
    resource = evolve(Resource(), provider="hosts", allowances=("quota:ann", "pool:hosts/one"))

    def fail() -> None:
        with doubts.while_it_is_done(step, World("resource", resource=resource)):
            clock.advance(timedelta(seconds=seconds))
            raise error

    with pytest.raises(type(error)):
        fail()
    assert (doubts.about("hosts", ["one", "two"]) == {"one"}) is is_doubted


async def test_a_machine_is_tried_where_no_other_is_left_and_trusted_again_once_it_works(
    outside: Outside,
) -> None:
    """A doubt is no refusal."""
    pool, house = outside.provider, outside.house()
    with pytest.raises(SessionFailed):
        await house.start(outside.request(SpawnerThatFailsToStart()))
    for machines in ({"two": 1}, {"one": 1, "two": 1}):
        await house.start(outside.request())
        assert rented(pool) == machines
    assert house.doubts.about("memory", ["one", "two"]) == frozenset()
    await house.close()


@pytest.mark.parametrize(("why", "next_on"), [("never_answered", "two"), ("stopped", "one")])
async def test_a_machine_whose_notebook_never_answered_comes_last_though_it_ran(
    outside: Outside, why: str, next_on: str
) -> None:
    """That one more runs there later tells no better of whether the hub can reach it."""
    pool, house, request = outside.provider, outside.house(), outside.request()
    session = await house.start(request)
    await house.stop(request.session, "hub", why)
    await until(lambda: is_released(house, session.resource or ""))
    is_doubted = {"one"} if why == "never_answered" else set()
    assert house.doubts.about("memory", ["one", "two"]) == is_doubted

    await house.start(outside.request())
    assert rented(pool) == {next_on: 1}
    await house.start(outside.request())
    assert rented(pool) == {"one": 1, "two": 1}
    assert house.doubts.about("memory", ["one", "two"]) == is_doubted
    outside.clock.advance(timedelta(minutes=6))
    assert house.doubts.about("memory", ["one", "two"]) == frozenset()
    await house.close()


async def refuses(token: str, spec: Any) -> Any:
    """As a machine that shows another key than it must."""
    raise NotTrusted("host_key_mismatch", "another key", "It shows another key.")


@pytest.mark.parametrize("houses", [1, 2])
async def test_of_a_hundred_at_once_as_many_start_as_there_are_machines(houses: int, passing: Any) -> None:
    """Seven, whichever house they came to; the others are told that all is full, and leave nothing."""
    pool, records = MemoryPool(SEVEN), MemoryEventLog(ManualClock())
    first = Outside(provider=pool, log=LogOfOthersToo(records))
    outsides = [first]
    for _ in range(houses - 1):
        log = LogOfOthersToo(MemoryEventLog(ManualClock(), shared_with=records))
        shared = {"rivals": first.rivals, "custody": first.custody, "ids": first.ids, "clock": first.clock}
        outsides.append(Outside(provider=pool, log=log, **shared))
    passing(first.clock)
    asked = [
        (house, outside.request())
        for outside in outsides
        for house in [outside.house()]
        for _ in range(100 // houses)
    ]
    results = await asyncio.gather(
        *(house.start(request) for house, request in asked), return_exceptions=True
    )
    each_one = {member.name: 1 for member in pool.members()}

    assert Counter(type(result) for result in results) == {Session: 7, PoolFull: 93}
    assert rented(pool) == each_one
    assert await held(asked[0][0], pool) == each_one
    started = {result.deployment for result in results if isinstance(result, Session)}
    assert {key.split("/")[1] for outside in outsides for key in await outside.private.keys()} == started

    for (house, request), result in zip(asked, results, strict=True):
        if isinstance(result, Session):
            await stop(house, result, request.session)
    for house in {id(house): house for house, _ in asked}.values():
        await house.driver.settled()
        assert await held(house, pool) == {}
        await house.close()
    assert rented(pool) == {}
    assert [await outside.private.keys() for outside in outsides] == [()] * houses


async def test_two_at_once_get_a_machine_each(outside: Outside) -> None:
    """Who lost the race for one tries the next."""
    outside.log = LogOfOthersToo(outside.log)
    house = outside.house()
    await asyncio.gather(*(house.start(outside.request()) for _ in range(2)))

    assert rented(outside.provider) == await held(house, outside.provider) == {"one": 1, "two": 1}
    await house.close()


async def test_only_the_machine_that_was_chosen_is_called(outside: Outside) -> None:
    """From the first call to the last."""
    house, request = outside.house(), outside.request()
    session = await house.start(request)
    await house.poll(request.session)
    await stop(house, session, request.session)

    assert {name for name, each in outside.provider.providers.items() if each.calls} == {"one"}
    assert {method for method, _ in outside.provider.providers["one"].calls} >= {
        "ensure",
        "get",
        "find",
        "destroy",
    }
    await house.close()


async def test_what_is_out_of_order_is_passed_over(outside: Outside) -> None:
    """Then it is full, or none is left that could be used: each refusal leaves nothing."""
    outside.provider.take_down("one")
    house = outside.house()
    session = await house.start(outside.request())

    assert rented(outside.provider) == {"two": 1}
    with pytest.raises(PoolFull):
        await house.start(outside.request())
    outside.provider.take_down("two")
    with pytest.raises(NoMachineUsable) as refused:
        await house.start(outside.request())
    assert refused.value.machines == 2
    assert {key.split("/")[1] for key in await outside.private.keys()} == {session.deployment}
    await house.close()


async def test_what_no_machine_has_is_refused_before_anything_is_asked_or_written(outside: Outside) -> None:
    """Neither its hardware nor its labels will ever be there."""
    outside.provider = MemoryPool(
        MemoryPoolSettings((Member("m", (Amount("cpu", 4),), labels=(("room", "1"),)),))
    )
    house = outside.house()
    large = Selection(OFFER.id, Hardware(cpu=8))
    elsewhere = evolve(OFFER, labels=(("room", "2"),))
    for request in (outside.request(selection=large), outside.request(offer=elsewhere)):
        with pytest.raises(NoMachineFits):
            await house.start(request)

    assert (outside.log._records, await outside.private.keys()) == ([], ())
    await house.close()


async def test_labels_of_the_offer_choose_the_machine(outside: Outside) -> None:
    """Though another one comes first."""
    there = Member("there", (Amount("sessions", 1),), labels=(("disk", "fast"), ("room", "2")))
    outside.provider = MemoryPool(MemoryPoolSettings((a_member("here"), there)))
    house = outside.house()
    await house.start(outside.request(offer=evolve(OFFER, labels=(("room", "2"),))))

    assert rented(outside.provider) == {"there": 1}
    await house.close()


async def test_the_machine_is_known_again_by_another_house(outside: Outside) -> None:
    """The log says where it is; it gives back there."""
    first, request = outside.house(), outside.request()
    session = await first.start(request)
    await first.close()
    outside.log = MemoryEventLog(outside.clock, shared_with=outside.log)
    outside.spawners.after_restart = dict(outside.spawners.held)
    outside.spawners.held.clear()
    second = outside.house()
    await second.reconcile()
    await stop(second, session, request.session)

    assert rented(outside.provider) == await held(second, outside.provider) == {}
    await second.close()


async def test_a_machine_that_is_down_while_it_should_give_back_is_waited_for(outside: Outside) -> None:
    """Until then it counts as taken, and nobody else is put there."""
    house, request = outside.house(), outside.request()
    session = await house.start(request)
    outside.provider.take_down("one")
    await house.stop(request.session, "user", "stopped")
    await until(lambda: failed_releases(house, session))

    assert await held(house, outside.provider) == {"one": 1}
    outside.provider.bring_up("one")
    await until(lambda: is_released(house, session.resource or ""))
    assert rented(outside.provider) == await held(house, outside.provider) == {}
    await house.close()


async def failed_releases(house: House, session: Session) -> bool:
    """Whether giving back has failed."""
    return (await world_of(house, session.resource or "")).resource.release_retry is not None


async def test_a_machine_that_dies_while_it_is_made_fails_the_start(outside: Outside) -> None:
    """The provider's words, and the machine is free again once it answers."""
    house, request = outside.house(), outside.request()
    outside.provider.providers["one"].down_for = None
    starting = asyncio.create_task(house.start(request))
    with pytest.raises(SessionFailed) as failed:
        await starting
    outside.provider.bring_up("one")
    await until(lambda: is_released(house, request.resource))

    assert failed.value.code == "provider_unavailable"
    assert await held(house, outside.provider) == {}
    await house.close()


async def test_a_start_that_is_cancelled_while_machines_are_looked_at(outside: Outside) -> None:
    """It is seen through and ended; nothing is kept."""
    looked, gate = asyncio.Event(), asyncio.Event()

    class PoolThatIsSlow(MemoryPool):
        async def out_of_order(self, names):
            looked.set()
            await gate.wait()
            return await super().out_of_order(names)

    outside.provider = PoolThatIsSlow()
    house, request = outside.house(), outside.request()
    starting = asyncio.create_task(house.start(request))
    await looked.wait()
    starting.cancel()
    gate.set()
    with pytest.raises(asyncio.CancelledError):
        await starting
    await until(lambda: is_released(house, request.resource))
    await house.driver.settled()
    session = await house.ledger.session(request.session)

    assert (session.phase, session.reason) == (SessionPhase.FAILED, "start_cancelled")
    assert (rented(outside.provider), await held(house, outside.provider)) == ({}, {})
    assert await outside.private.keys() == ()
    await house.close()


def test_the_provider_of_a_resource_is_its_machine() -> None:
    """The pool itself for what was not put on one; a machine that has left can't be asked."""
    pool = MemoryPool()
    providers = OneProvider(pool)

    assert provider_of("memory", (stream_of("memory", "two"),), providers) is pool.providers["two"]
    assert provider_of("memory", (), providers) is pool
    pool.take_out("two")
    with pytest.raises(ProviderMissing):
        provider_of("memory", (stream_of("memory", "two"),), providers)
