"""A clock that hurries, so that nobody waits for minutes."""

import asyncio
from datetime import UTC, datetime


class HurriedClock:
    """Begins now and goes `times` as fast as the machine's."""

    def __init__(self, times: float) -> None:
        self._times = times
        self._began = datetime.now(UTC)

    def now(self) -> datetime:
        """The hurried time."""
        return self._began + (datetime.now(UTC) - self._began) * self._times

    async def wait_until(self, time: datetime) -> None:
        """Return when the hurried time has come."""
        await asyncio.sleep(max(0.0, (time - self.now()).total_seconds() / self._times))
