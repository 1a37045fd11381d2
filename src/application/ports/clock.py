"""The clock."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time and waits for it."""

    def now(self) -> datetime:
        """The time, UTC, aware."""

    async def wait_until(self, time: datetime) -> None:
        """Return when `time` has come; at once if it is past. Cancelling it is safe."""
