"""What may still be held is found without reading what isn't."""

import asyncio
from typing import Any

from multiplespawner.application.ports.event_log import Change, Origin, Record
from multiplespawner.application.views.open_resources import OpenResources
from multiplespawner.domain.resource import ResourceReleased, ResourceRequested
from multiplespawner.domain.values import Hardware
from multiplespawner.testing.fakes.faulty_event_logs import LogInFront
from multiplespawner.testing.fakes.manual_clock import ManualClock
from multiplespawner.testing.fakes.memory_event_log import MemoryEventLog


class LogThatIsWatched(LogInFront):
    """Knows which streams were read."""

    def __init__(self) -> None:
        super().__init__(MemoryEventLog(ManualClock()))
        self.read_streams: list[str] = []

    async def read(self, stream: str, *args: Any, **kwargs: Any) -> tuple[Record, ...]:
        """Read it, and remember."""
        self.read_streams.append(stream)
        return await super().read(stream, *args, **kwargs)

    async def read_all(self, *args: Any, **kwargs: Any) -> tuple[Record, ...]:
        """Nobody has to."""
        raise AssertionError


async def request(log: LogThatIsWatched, resource: str, provider: str) -> None:
    """Have a resource requested."""
    fact = ResourceRequested(provider, "bare_metal", Hardware(), None, "token", "spawner", "session", ())
    await log.append([Change(f"resource:{resource}", 0, (fact,))], Origin("hub"))


async def release(log: LogThatIsWatched, resource: str) -> None:
    """Have it given back."""
    await log.append([Change(f"resource:{resource}", 1, (ResourceReleased(),))], Origin("driver"))


async def test_what_was_released_is_not_even_read() -> None:
    """What is held is read once, for its provider."""
    log = LogThatIsWatched()
    resources = OpenResources(log)
    for resource, provider in (("gone", "a"), ("held", "b"), ("later", "c")):
        await request(log, resource, provider)
    await release(log, "gone")
    assert await resources.held() == {"held": "b", "later": "c"}
    await release(log, "later")
    await request(log, "new", "d")
    assert await resources.held() == await resources.held() == {"held": "b", "new": "d"}
    assert log.read_streams == ["resource:held", "resource:later", "resource:new"]


async def test_two_looks_at_once_see_the_same() -> None:
    """Neither takes what the other has seen released for held."""
    log = LogThatIsWatched()
    resources = OpenResources(log)
    await request(log, "gone", "a")
    await request(log, "held", "b")
    await release(log, "gone")
    assert await asyncio.gather(resources.held(), resources.held()) == [{"held": "b"}] * 2
