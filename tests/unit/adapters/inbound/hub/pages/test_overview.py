"""What an administrator wants to know of a house, asked of one on fakes."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from attrs import evolve

from houses import NOTHING, Outside, until
from multiplespawner.adapters.inbound.hub.pages.overview import (
    Holdings,
    holdings,
    in_force_since,
)
from multiplespawner.application.house import House
from multiplespawner.application.ports.configuration import Problem, Severity
from multiplespawner.application.ports.event_log import LogUnavailable
from multiplespawner.application.ports.provider import Unavailable
from multiplespawner.testing.fakes.faulty_event_logs import LogInFront
from multiplespawner.testing.fakes.manual_clock import ManualClock
from multiplespawner.testing.fakes.memory_event_log import MemoryEventLog
from multiplespawner.testing.fakes.memory_provider import MemoryProvider

ERROR = Problem(Severity.ERROR, "t.json", 1, (), "half of it", "all of it")
BAD = evolve(NOTHING, digest="bad", problems=(ERROR,))
WARNED = evolve(NOTHING, digest="warned", problems=(evolve(ERROR, severity=Severity.WARNING),))


class ProviderThatKeeps(MemoryProvider):
    """Takes nothing back."""

    async def destroy(self, id: str) -> None:  # noqa: A002 - the port's word
        """Not now."""
        raise Unavailable("not now")


class LogThatCanNotBeRead(LogInFront):
    """Is away."""

    async def heads(self, *args: Any) -> Any:
        """Not now."""
        raise LogUnavailable("not now")


@pytest.fixture
async def outside() -> AsyncIterator[Outside]:
    """A world in which time goes on as somebody waits for it."""
    made = Outside(provider=ProviderThatKeeps())

    async def move() -> None:
        while True:
            if made.clock.waited_for:
                made.clock.advance(timedelta(seconds=2))
            await asyncio.sleep(0)

    moving = asyncio.create_task(move())
    yield made
    moving.cancel()


async def told(house: House) -> Holdings:
    """What is told, where it can be."""
    found = await holdings(house)
    assert found is not None
    return found


async def test_nothing_is_held_at_first(outside: Outside) -> None:
    """The log is trusted, and was not told of the configuration yet."""
    assert await holdings(outside.house()) == Holdings(None, None, 0, ())


async def test_what_runs_and_what_can_not_be_given_back(outside: Outside) -> None:
    """A session counts until it is to end; what stays though it was given back is told."""
    house = outside.house()
    first, second = outside.request(), outside.request()
    await house.start(first)
    await house.start(second)
    both = await told(house)
    assert (both.count, both.running, both.failed) == (2, 2, ())

    await house.stop(first.session, "user", "stopped")
    (stuck,) = await until(lambda: failed(house))
    assert (stuck.resource, stuck.provider) == (first.resource, "memory")
    assert stuck.failed.attempt >= 1
    now = await told(house)
    assert (now.count, now.running) == (2, 1)
    await house.close()


async def failed(house: House) -> object:
    """What could not be given back."""
    return (await told(house)).failed


async def test_a_log_in_doubt(outside: Outside) -> None:
    """Why it is only observed."""
    await outside.house().start(outside.request())
    outside.custody.place = "elsewhere"
    assert (await told(outside.house())).doubt


async def test_a_log_that_is_away() -> None:
    """Nothing is known."""
    log = LogThatCanNotBeRead(MemoryEventLog(ManualClock()))
    assert await holdings(Outside(log=log).house()) is None


async def test_since_when_the_configuration_is_in_force(outside: Outside) -> None:
    """From the first record of the last run of the same digest: refused edits in between change nothing."""
    house, times = outside.house(), []
    files = house.ports.configurations
    for said in (NOTHING, WARNED, NOTHING, BAD, NOTHING):
        files.said = said
        await house.refresh_configuration()
        await house.record_configuration()
        times.append((await outside.log.read("configuration:hub"))[-1].time)
        outside.clock.advance(timedelta(hours=1))
    assert await in_force_since(outside.log, "hub", NOTHING.digest) == times[2]
    assert (await told(house)).since == times[2]
    assert await in_force_since(outside.log, "hub", WARNED.digest) is None
