"""What every clock does."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from ...application.ports.clock import Clock

SOON = timedelta(milliseconds=50)


class ClockContract:
    """Inherit it and fill in the fixtures."""

    @pytest.fixture
    def clock(self) -> Clock:
        """Hand out a clock."""
        raise NotImplementedError

    @pytest.fixture
    def pass_time(self, clock: Clock) -> Callable[[], None]:
        """Hand out what makes at least SOON pass; nothing to do for a clock that goes by itself."""
        raise NotImplementedError

    def test_utc(self, clock: Clock) -> None:
        """The time is aware and in UTC."""
        assert clock.now().utcoffset() == timedelta(0)

    async def test_past_is_at_once(self, clock: Clock) -> None:
        """What has come already is not waited for."""
        await asyncio.wait_for(clock.wait_until(clock.now() - SOON), 1)

    async def test_waits(self, clock: Clock, pass_time: Callable[[], None]) -> None:
        """It returns when the time has come, not before."""
        time = clock.now() + SOON
        waiting = asyncio.create_task(clock.wait_until(time))
        await asyncio.sleep(0)
        assert not waiting.done()
        pass_time()
        await asyncio.wait_for(waiting, 5)
        assert clock.now() >= time

    async def test_cancel(self, clock: Clock, pass_time: Callable[[], None]) -> None:
        """Who is cancelled while waiting leaves nothing behind."""
        waiting = asyncio.create_task(clock.wait_until(clock.now() + SOON))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        pass_time()
