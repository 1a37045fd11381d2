"""The machine's clock."""

import asyncio
from datetime import UTC, datetime

LOOK_AGAIN = 30.0
"""Seconds after which the time is read again while waiting: a machine that slept or was set is noticed."""


class SystemClock:
    """Tells the time of this machine."""

    def now(self) -> datetime:
        """The time, UTC, aware."""
        return datetime.now(UTC)

    async def wait_until(self, time: datetime) -> None:
        """Return when `time` has come; at once if it is past."""
        while (left := (time - self.now()).total_seconds()) > 0:  # noqa: ASYNC110 - time tells nobody
            await asyncio.sleep(min(left, LOOK_AGAIN))
