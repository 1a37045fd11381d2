"""Tells how far a start is, to whoever looks, from its beginning."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

from attrs import define, field


@define(eq=False)
class Progress:
    """Events of one start, in JupyterHub's form; on the loop that it was made on."""

    _loop: asyncio.AbstractEventLoop = field(factory=asyncio.get_running_loop, init=False)
    _events: list[dict[str, Any]] = field(factory=list, init=False)
    _changed: asyncio.Event = field(factory=asyncio.Event, init=False)
    over: bool = field(default=False, init=False)

    @property
    def say(self) -> Callable[[int, str], None]:
        """Takes a percentage and a sentence, from any thread."""
        return lambda percent, message: self._from_anywhere(percent, message)

    def end(self) -> None:
        """There is no more to tell."""
        self.over = True
        self._wake()

    async def events(self) -> AsyncIterator[dict[str, Any]]:
        """Yield all, waiting for more until the start is over."""
        told = 0
        while True:
            while told < len(self._events):
                told += 1
                yield self._events[told - 1]
            if self.over:
                return
            await self._changed.wait()

    def _from_anywhere(self, percent: int, message: str) -> None:
        self._loop.call_soon_threadsafe(self._add, {"progress": percent, "message": message})

    def _add(self, event: dict[str, Any]) -> None:
        self._events.append(event)
        self._wake()

    def _wake(self) -> None:
        woken, self._changed = self._changed, asyncio.Event()
        woken.set()
