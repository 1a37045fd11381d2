"""Tells whether somebody blocks the event loop."""

import asyncio
from typing import Self


class Ticking:
    """Measures how long the event loop stands still."""

    longest = 0.0
    """Seconds."""

    async def __aenter__(self) -> Self:
        self._before = asyncio.get_running_loop().time()
        self._task = asyncio.create_task(self._tick())
        await asyncio.sleep(0)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._measure()
        self._task.cancel()

    async def _tick(self) -> None:
        while True:
            self._measure()
            await asyncio.sleep(0.001)

    def _measure(self) -> None:
        now = asyncio.get_running_loop().time()
        self.longest = max(self.longest, now - self._before)
        self._before = now
