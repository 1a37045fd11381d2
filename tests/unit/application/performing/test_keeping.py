"""An inner spawner's state is kept durable while it starts, on fakes."""

import asyncio

import pytest

from houses import Outside, until, world_of
from multiplespawner.application.canonical_json import canonical_json, sha256
from multiplespawner.application.ports.event_log import LogUnavailable
from multiplespawner.application.use_cases.start_session import SessionFailed
from multiplespawner.domain.session import SessionPhase
from multiplespawner.testing.fakes.faulty_event_logs import LogInFront
from multiplespawner.testing.fakes.faulty_providers import ProviderThatOnlyWatches
from multiplespawner.testing.fakes.manual_clock import ManualClock
from multiplespawner.testing.fakes.memory_event_log import MemoryEventLog
from multiplespawner.testing.fakes.memory_private_store import MemoryPrivateStore
from multiplespawner.testing.fakes.scripted_inner_spawners import SpawnerThatStarts


class LogThatGoesAway(LogInFront):
    """Can neither be read nor written while it is away; counts what was asked of it meanwhile."""

    away = False
    asked = 0

    def _ask(self) -> None:
        if self.away:
            self.asked += 1
            raise LogUnavailable("as scripted")

    async def read(self, stream, after=0, limit=None):
        self._ask()
        return await super().read(stream, after, limit)

    async def append(self, changes, origin):
        self._ask()
        return await super().append(changes, origin)


class StoreThatGoesAway(MemoryPrivateStore):
    """Counts what was asked of it while it was down."""

    asked = 0

    async def put(self, key, value):
        self.asked += self.down
        return await super().put(key, value)


class SpawnerInSteps(SpawnerThatStarts):
    """Tells a state at each step of the test, and runs when told to go on."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.go_on = asyncio.Event(), asyncio.Event()

    async def _starting(self, on_state) -> None:
        self.tell = on_state
        self.running = True
        self.begun.set()
        await self.go_on.wait()


@pytest.fixture
def outside() -> Outside:
    """Where the log and the private store can go away."""
    return Outside(
        log=LogThatGoesAway(MemoryEventLog(ManualClock())),
        private=StoreThatGoesAway(),
        provider=ProviderThatOnlyWatches(),
    )


async def starting(outside: Outside, house):
    """A start that has begun, its spawner and its request."""
    inner = SpawnerInSteps()
    request = outside.request(inner)
    start = asyncio.create_task(house.start(request))
    await inner.begun.wait()
    return start, inner, request


async def test_a_log_that_is_away_for_a_while_does_not_fail_a_start(outside: Outside) -> None:
    """The state is recorded when it is back."""
    house = outside.house()
    start, inner, request = await starting(outside, house)
    outside.log.away = True
    inner.tell({"pid": 1})
    await until(lambda: outside.log.asked)
    inner.go_on.set()
    outside.log.away = False

    assert (await start).phase is SessionPhase.RUNNING
    assert (await world_of(house, request.resource)).deployment.state_digest == sha256(
        canonical_json({"pid": 1})
    )
    await house.close()


async def test_a_private_store_that_is_away_for_a_while_does_not_fail_a_start(outside: Outside) -> None:
    """Of what was told meanwhile only the last state is kept."""
    house = outside.house()
    start, inner, _ = await starting(outside, house)
    outside.private.down = True
    for number in (1, 2, 3):
        inner.tell({"pid": number})
        await until(lambda: outside.private.asked)
    inner.go_on.set()
    outside.private.down = False
    session = await start
    names = [record.name for record in await outside.log.read(f"deployment:{session.deployment}")]

    assert session.phase is SessionPhase.RUNNING
    assert await outside.private.get(f"deployment/{session.deployment}/state") == {"pid": 3}
    assert names.count("deployment.spawner_state_changed") == 1
    await house.close()


async def test_a_start_is_not_told_as_running_before_its_state_is_durable(outside: Outside) -> None:
    """However long that takes."""
    house = outside.house()
    start, inner, _ = await starting(outside, house)
    outside.private.down = True
    inner.tell({"pid": 1})
    inner.go_on.set()
    await until(lambda: outside.private.asked > 1)

    assert not start.done()
    outside.private.down = False
    assert (await start).phase is SessionPhase.RUNNING
    await house.close()


async def test_a_start_that_is_given_up_does_not_wait_for_a_store_that_is_away(outside: Outside) -> None:
    """The session ends within a few seconds."""
    house = outside.house()
    start, inner, request = await starting(outside, house)
    outside.private.down = True
    inner.tell({"pid": 1})
    await until(lambda: outside.private.asked)
    async with asyncio.timeout(5):
        await house.stop(request.session, "user", "stopped")
        with pytest.raises(SessionFailed):
            await start

    assert not inner.running
    await house.close()
