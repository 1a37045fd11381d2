"""A clock that a test moves."""

import asyncio
from datetime import UTC, datetime, timedelta

START = datetime(2026, 1, 1, tzinfo=UTC)


class ManualClock:
    """Stands still until `advance` is called."""

    def __init__(self, now: datetime = START) -> None:
        self._now = now
        self._waiting: dict[asyncio.Future[None], datetime] = {}

    def now(self) -> datetime:
        """The time, UTC, aware."""
        return self._now

    async def wait_until(self, time: datetime) -> None:
        """Return when the test has moved the clock to `time` or beyond."""
        if time <= self._now:
            return
        reached = asyncio.get_running_loop().create_future()
        self._waiting[reached] = time
        try:
            await reached
        finally:
            self._waiting.pop(reached, None)

    def advance(self, by: timedelta) -> None:
        """Move the clock and wake those who waited for it."""
        self._now += by
        for reached, time in tuple(self._waiting.items()):
            if time <= self._now and not reached.done():
                reached.set_result(None)

    @property
    def waited_for(self) -> tuple[datetime, ...]:
        """Times that somebody waits for now, soonest first."""
        return tuple(sorted(self._waiting.values()))
