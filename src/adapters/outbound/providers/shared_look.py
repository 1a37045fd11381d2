"""One look for all who ask at the same time."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class SharedLook(Generic[T]):
    """Looks again for those who ask while a look is under way, once for all of them.

    So nobody is answered with what was seen before they asked, and a thousand who ask cost two looks.
    """

    def __init__(self, look: Callable[[], Awaitable[T]]) -> None:
        self._look = look
        self._now: asyncio.Task[T] | None = None
        self._next: asyncio.Task[T] | None = None

    async def __call__(self) -> T:
        """What is seen from now on; raises what looking raises. Cancelling it disturbs no other."""
        if self._next is None or self._next.done():  # done: its event loop was closed
            self._next = asyncio.create_task(self._after(self._now))
            self._next.add_done_callback(_retrieved)
        return await asyncio.shield(self._next)

    async def _after(self, before: asyncio.Task[T] | None) -> T:
        if before is not None and not before.done():
            await asyncio.wait([before])
        self._now, self._next = self._next, None
        return await self._look()


def _retrieved(task: asyncio.Task[T]) -> None:
    # when all who asked have left, asyncio would complain that nobody heard of the error
    if not task.cancelled():
        task.exception()
