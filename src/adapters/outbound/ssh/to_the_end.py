"""Work that is never left alone: what was withdrawn must not be written after that."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


async def to_the_end(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run it in a thread; who is cancelled, however often, waits until it has ended (milliseconds)."""
    return await certainly(asyncio.to_thread(work, *args, **kwargs))


async def certainly(work: Awaitable[T]) -> T:
    """Wait for something to its end; where that is cancelled, say so only then."""
    task = asyncio.ensure_future(work)
    cancelled = False
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            if task.cancelled():
                raise
            cancelled = True
    if cancelled:
        task.exception()  # or asyncio would complain that nobody heard of it
        raise asyncio.CancelledError
    return task.result()
