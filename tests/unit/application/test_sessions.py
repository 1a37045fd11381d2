"""Starting, stopping and polling sessions, on fakes."""

import asyncio
from datetime import timedelta

import pytest

from houses import Outside, is_released, until, world_of
from multiplespawner.application.use_cases.poll_session import GRACE
from multiplespawner.application.use_cases.start_session import SessionFailed
from multiplespawner.application.use_cases.stop_session import StillStopping
from multiplespawner.domain.allowance import PoolFull
from multiplespawner.domain.resource import ResourcePhase
from multiplespawner.domain.session import SessionPhase
from multiplespawner.domain.values import Selection
from multiplespawner.testing.fakes.faulty_event_logs import LogInFront, LogThatIsDown
from multiplespawner.testing.fakes.faulty_providers import ProviderThatIsFull, ProviderThatOnlyWatches
from multiplespawner.testing.fakes.manual_clock import ManualClock
from multiplespawner.testing.fakes.memory_event_log import MemoryEventLog
from multiplespawner.testing.fakes.memory_provider import MemoryProvider, MemorySettings
from multiplespawner.testing.fakes.scripted_inner_spawners import (
    SpawnerThatFailsToStart,
    SpawnerThatFailsToStop,
    SpawnerThatIsStoppedSlowly,
    SpawnerThatNeverStarts,
    SpawnerThatStarts,
)


async def moving(outside: Outside) -> None:
    """Let the clock run while somebody waits for it."""
    while True:
        if outside.clock.waited_for:
            outside.clock.advance(timedelta(seconds=2))
        await asyncio.sleep(0)


@pytest.fixture
def outside() -> Outside:
    """Where the inner spawner itself allocates."""
    return Outside(provider=ProviderThatOnlyWatches())


async def test_a_session_starts_and_runs(outside: Outside) -> None:
    """Its address is known, its spawner was started once."""
    house, inner = outside.house(), SpawnerThatStarts()
    request = outside.request(inner)
    session = await house.start(request)

    assert (session.phase, session.address) == (SessionPhase.RUNNING, inner.url)
    assert inner.calls == ["start"]
    assert await house.poll(request.session) is None
    await house.close()


async def test_a_rented_machine_is_there_before_the_notebook_and_gone_after_it() -> None:
    """Allocated by its provider, destroyed at the end."""
    outside = Outside()
    house = outside.house()
    clock = asyncio.create_task(moving(outside))
    request = outside.request()
    await house.start(request)
    rented = len(outside.provider.instances)
    await house.stop(request.session, "user", "stopped")
    await until(lambda: is_released(house, request.resource))

    assert (rented, len(outside.provider.instances)) == (1, 0)
    clock.cancel()
    await house.close()


async def test_the_intent_is_durable_before_the_notebook_is_started(outside: Outside) -> None:
    """When `start` is called the log already has spawner_starting."""
    house = outside.house()
    seen: list[str] = []

    class Looking(SpawnerThatStarts):
        async def start(self, on_state):
            seen.extend(record.name for record in await outside.log.read_all())
            return await super().start(on_state)

    await house.start(outside.request(Looking()))

    assert seen[-1] == "deployment.spawner_starting"
    await house.close()


async def test_a_stop_ends_the_session_and_gives_back(outside: Outside) -> None:
    """The status is the notebook's, the private store is empty."""
    house = outside.house()
    request = outside.request(SpawnerThatStarts(status=-15))
    await house.start(request)
    session = await house.stop(request.session, "hub", "stopped")
    await until(lambda: is_released(house, request.resource))
    await house.driver.settled()

    assert (session.phase, session.reason, session.status) == (SessionPhase.ENDED, "stopped", -15)
    assert await house.poll(request.session) == -15
    assert await outside.private.keys() == ()
    assert outside.spawners.of(request.session) is None
    await house.close()


async def test_a_failed_start_tells_code_and_words(outside: Outside) -> None:
    """And what it left running is stopped."""
    house = outside.house()
    inner = SpawnerThatFailsToStart(code="no_port", message="No port.", leaves_it_running=True)
    request = outside.request(inner)
    with pytest.raises(SessionFailed) as failed:
        await house.start(request)
    await until(lambda: is_released(house, request.resource))

    assert (failed.value.code, failed.value.message) == ("no_port", "No port.")
    assert not inner.running
    assert await house.poll(request.session) == 1
    await house.close()


async def test_a_cancelled_start_is_unwound_by_the_driver(outside: Outside) -> None:
    """The caller is free within a second, the notebook is stopped, the reason recorded."""
    house, inner = outside.house(), SpawnerThatNeverStarts()
    request = outside.request(inner)
    start = asyncio.create_task(house.start(request))
    await inner.begun.wait()
    start.cancel()
    await asyncio.wait({start}, timeout=1)
    await until(lambda: is_released(house, request.resource))
    session = (await world_of(house, request.resource)).session

    assert start.cancelled()
    assert (session.phase, session.reason) == (SessionPhase.FAILED, "start_cancelled")
    assert not inner.running
    await house.close()


async def test_a_stop_during_the_start_gives_it_up(outside: Outside) -> None:
    """The start does not have to end by itself."""
    house, inner = outside.house(), SpawnerThatNeverStarts()
    request = outside.request(inner)
    start = asyncio.create_task(house.start(request))
    await inner.begun.wait()
    session = await house.stop(request.session, "user", "stopped")

    assert session.phase is SessionPhase.FAILED
    with pytest.raises(SessionFailed):
        await start
    await house.close()


async def test_a_stop_that_fails_is_tried_again(outside: Outside) -> None:
    """Not before its time, until the notebook is gone."""
    house, inner = outside.house(), SpawnerThatFailsToStop(failures=2)
    clock = asyncio.create_task(moving(outside))
    request = outside.request(inner)
    await house.start(request)
    session = await house.stop(request.session, "user", "stopped")

    assert session.is_over
    assert inner.calls == ["start", "stop", "stop", "stop"]
    clock.cancel()
    await house.close()


async def test_a_stop_tells_when_it_takes_too_long(outside: Outside) -> None:
    """It goes on all the same."""
    house, inner = outside.house(), SpawnerThatIsStoppedSlowly()
    request = outside.request(inner)
    await house.start(request)
    with pytest.raises(StillStopping):
        await house.stop(request.session, "user", "stopped", limit=0.05)
    inner.gate.set()
    await until(lambda: is_released(house, request.resource))
    await house.close()


async def test_a_notebook_that_ends_by_itself_ends_its_session(outside: Outside) -> None:
    """The poll that finds it has its exit status, and so has every later one."""
    house, inner = outside.house(), SpawnerThatStarts()
    request = outside.request(inner)
    await house.start(request)
    inner.exit(3)

    assert await house.poll(request.session) == 3
    assert await house.poll(request.session) == 3
    await until(lambda: is_released(house, request.resource))
    await house.close()


async def test_a_notebook_out_of_reach_counts_as_running_for_a_while(outside: Outside) -> None:
    """Unknown is not gone; after the grace it is given up."""
    house, inner = outside.house(), SpawnerThatStarts()
    request = outside.request(inner)
    await house.start(request)
    inner.reachable = False
    first = await house.poll(request.session)
    outside.clock.advance(GRACE)
    second = await house.poll(request.session)
    await until(lambda: is_released(house, request.resource))
    session = (await world_of(house, request.resource)).session

    assert (first, second) == (None, None)
    assert session.reason == "unreachable"
    await house.close()


async def test_a_session_that_was_never_requested_polls_zero_and_stops_at_once(outside: Outside) -> None:
    """Refused before anything was intended."""
    house = outside.house()

    assert await house.poll("unknown") == 0
    assert (await house.stop("unknown", "hub", "stopped")).phase is SessionPhase.NEW
    await house.close()


async def test_a_poll_never_raises() -> None:
    """With the log away, what ran counts as running."""
    log = LogThatIsDown(MemoryEventLog(ManualClock()), down=False)
    outside = Outside(log=log, provider=ProviderThatOnlyWatches())
    house = outside.house()
    request = outside.request()
    await house.start(request)
    log.read = _unavailable  # type: ignore[method-assign]

    assert await house.poll(request.session) is None
    await house.close()


async def _unavailable(stream: str, after: int = 0) -> None:
    from multiplespawner.application.ports.event_log import LogUnavailable

    raise LogUnavailable("as scripted")


async def test_a_full_pool_is_a_refusal_and_holds_nothing() -> None:
    """The second session of one is refused; after the first is released there is room again."""
    outside = Outside(provider=ProviderThatOnlyWatches(MemorySettings(maximum_sessions=1)))
    house = outside.house()
    first, second, third = outside.request(), outside.request(), outside.request()
    await house.start(first)
    with pytest.raises(PoolFull):
        await house.start(second)
    held = await outside.private.keys()
    await house.stop(first.session, "user", "stopped")
    await until(lambda: is_released(house, first.resource))
    await house.start(third)

    assert {key.split("/")[1] for key in held} == {(await world_of(house, first.resource)).deployment_id}
    assert await house.poll(second.session) == 0
    await house.close()


async def test_simultaneous_requests_never_exceed_a_pool() -> None:
    """Of ten at once exactly three start."""
    outside = Outside(provider=ProviderThatOnlyWatches(MemorySettings(maximum_sessions=3)))
    house = outside.house()
    results = await asyncio.gather(
        *(house.start(outside.request()) for _ in range(10)), return_exceptions=True
    )

    assert sum(isinstance(result, PoolFull) for result in results) == 7
    await house.close()


async def test_a_provider_that_is_full_fails_the_session_at_last() -> None:
    """After the attempts that may help, in words for the user."""
    outside = Outside(provider=ProviderThatIsFull())
    house = outside.house()
    clock = asyncio.create_task(moving(outside))
    with pytest.raises(SessionFailed) as failed:
        await house.start(outside.request())

    assert failed.value.code == "out_of_capacity"
    clock.cancel()
    await house.close()


async def test_a_lifetime_ends_the_session(outside: Outside) -> None:
    """At its deadline, with a reason."""
    house = outside.house()
    request = outside.request(selection=Selection("memory/Local/machine", lifetime=10))
    await house.start(request)
    await until(lambda: outside.clock.waited_for)
    outside.clock.advance(timedelta(minutes=10))
    await until(lambda: is_released(house, request.resource))

    assert (await world_of(house, request.resource)).session.reason == "expired"
    await house.close()


async def test_a_machine_that_vanishes_while_it_is_awaited_is_lost() -> None:
    """The session fails with a reason."""
    provider = MemoryProvider(MemorySettings(by_itself=False))
    outside = Outside(provider=provider)
    house = outside.house()
    start = asyncio.create_task(house.start(outside.request()))
    await until(lambda: provider.instances and outside.clock.waited_for)
    provider.lose(next(iter(provider.instances)))
    outside.clock.advance(timedelta(seconds=2))
    with pytest.raises(SessionFailed) as failed:
        await start

    assert failed.value.code == "resource_lost"
    await house.close()


async def test_a_start_cancelled_before_its_request_is_durable_leaves_nothing(outside: Outside) -> None:
    """The append can't be taken back: what it begins is ended all the same."""
    gate = asyncio.Event()
    under_way = asyncio.Event()

    class SlowLog(LogInFront):
        async def append(self, changes, origin):
            under_way.set()
            await gate.wait()
            return await super().append(changes, origin)

    outside.log = SlowLog(outside.log)
    house, inner = outside.house(), SpawnerThatStarts()
    request = outside.request(inner)
    start = asyncio.create_task(house.start(request))
    await under_way.wait()
    start.cancel()
    await asyncio.sleep(0)
    gate.set()
    await asyncio.wait({start}, timeout=2)
    await until(lambda: is_requested_and_released(house, request.resource))

    assert start.cancelled()
    assert not inner.running
    await house.close()


async def is_requested_and_released(house, resource: str) -> bool:
    """Whether it was rented and is given back."""
    return (await world_of(house, resource)).resource.phase is ResourcePhase.RELEASED


async def test_a_stop_that_the_log_can_not_take_now_is_not_lost(outside: Outside) -> None:
    """It goes on when nobody waits any more, until the log is back."""
    house, inner = outside.house(), SpawnerThatStarts()
    request = outside.request(inner)
    await house.start(request)
    read, outside.log.read = outside.log.read, _unavailable
    with pytest.raises(StillStopping):
        await house.stop(request.session, "hub", "stopped", limit=0.05)
    outside.log.read = read
    await until(lambda: is_released(house, request.resource))

    assert not inner.running
    await house.close()


async def test_a_poke_is_heard_while_a_drive_waits_after_trouble(outside: Outside) -> None:
    """A stop does not have to wait for the next attempt."""
    house, inner = outside.house(), SpawnerThatStarts()
    request = outside.request(inner)
    await house.start(request)
    await house.driver.settled()
    read, outside.log.read = outside.log.read, _unavailable
    house.driver.wake(request.resource)
    await until(
        lambda: any(time - outside.clock.now() == timedelta(seconds=1) for time in outside.clock.waited_for)
    )
    outside.log.read = read
    session = await house.stop(request.session, "hub", "stopped", limit=5)

    assert session.is_over
    await house.close()


async def test_a_notebook_that_no_force_ends_goes_on_being_ended(outside: Outside) -> None:
    """What its spawner says still runs is never told to be stopped."""
    house, inner = outside.house(), SpawnerThatFailsToStop(failures=10**6)
    clock = asyncio.create_task(moving(outside))
    request = outside.request(inner)
    await house.start(request)
    with pytest.raises(StillStopping):
        await house.stop(request.session, "hub", "stopped", limit=0.3)
    world = await world_of(house, request.resource)

    assert world.session.is_active
    assert world.deployment.stop_retry is not None
    assert world.deployment.stop_retry.attempt > 3
    clock.cancel()
    await house.close()


async def test_foreign_code_that_cancels_itself_fails_its_step(outside: Outside) -> None:
    """It must not look as if the driver were cancelled."""

    class Cancelling(SpawnerThatStarts):
        async def start(self, on_state):
            raise asyncio.CancelledError

    house = outside.house()
    with pytest.raises(SessionFailed) as failed:
        await house.start(outside.request(Cancelling()))

    assert failed.value.code == "internal_error"
    await house.close()
