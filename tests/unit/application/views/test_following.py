"""A session is followed from wherever it is until it runs or is over."""

import asyncio

import pytest

from houses import Outside, until
from multiplespawner.application.ports.event_log import LogUnavailable
from multiplespawner.application.use_cases.start_session import SessionFailed
from multiplespawner.application.views.expected import Expected
from multiplespawner.application.views.following import follow
from multiplespawner.testing.fakes.faulty_event_logs import LogInFront
from multiplespawner.testing.fakes.faulty_providers import ProviderThatOnlyWatches
from multiplespawner.testing.fakes.memory_event_log import MemoryEventLog
from multiplespawner.testing.fakes.scripted_inner_spawners import (
    SpawnerThatFailsToStart,
    SpawnerThatNeverStarts,
)


class Listened(MemoryEventLog):
    """Tells how many listen."""

    @property
    def listeners(self) -> int:
        return len(self._listeners)


@pytest.fixture
def outside() -> Outside:
    outside = Outside(provider=ProviderThatOnlyWatches())
    outside.log = Listened(outside.clock)
    return outside


async def phases(log, session, **options) -> list[str]:
    """Phase after phase, each once."""
    told: list[str] = []
    async with asyncio.timeout(5):
        async for progress in follow(log, session, Expected(log), **options):
            if progress.phase not in told:
                told.append(progress.phase.value)
    return told


async def test_until_it_runs(outside) -> None:
    """Also if it is not in the log yet; what is followed later tells only how it is; nobody listens after."""
    house, request = outside.house(), outside.request()
    before = outside.log.listeners
    following = asyncio.create_task(phases(outside.log, request.session))
    await until(lambda: outside.log.listeners > before)
    await house.start(request)
    assert await following == ["new", "placed", "running"]
    assert await phases(outside.log, request.session) == ["running"]
    assert outside.log.listeners == before
    await house.close()


async def test_until_it_failed(outside) -> None:
    """The last that is told says at which step, and why."""
    house, request = outside.house(), outside.request(SpawnerThatFailsToStart())
    with pytest.raises(SessionFailed) as failed:
        await house.start(request)
    (told,) = [each async for each in follow(outside.log, request.session, house.expected)]
    assert (told.phase, told.failed_step, told.code) == ("failed", "notebook", failed.value.code)
    await house.close()


async def test_what_another_process_appends(outside) -> None:
    """It is seen though nobody tells of it."""
    house, request = outside.house(), outside.request()
    elsewhere = MemoryEventLog(outside.clock, shared_with=outside.log)
    following = asyncio.create_task(phases(elsewhere, request.session, look_anyway=0.01))
    await house.start(request)
    assert (await following)[-1] == "running"
    await house.close()


async def test_a_log_that_is_away_is_waited_for(outside) -> None:
    """Whoever looks at a page is not told that the database restarts."""

    class Away(LogInFront):
        away = 2

        async def read(self, stream, after=0, limit=None):
            self.away -= 1
            if self.away >= 0:
                raise LogUnavailable("as scripted")
            return await super().read(stream, after, limit)

    house, request = outside.house(), outside.request()
    await house.start(request)
    assert await phases(Away(outside.log), request.session, look_anyway=0.01) == ["running"]
    await house.close()


async def test_who_looks_no_more_listens_no_more(outside) -> None:
    """Cancelled while it waits."""
    house, request = outside.house(), outside.request(SpawnerThatNeverStarts())
    starting = asyncio.create_task(house.start(request))
    before = outside.log.listeners
    following = asyncio.create_task(phases(outside.log, request.session))
    await until(lambda: outside.log.listeners > before)
    following.cancel()
    await asyncio.wait({following})
    assert outside.log.listeners == before
    starting.cancel()
    await asyncio.wait({starting})
    await house.close()
