"""Several streams of events as one, so that none of them holds up the others."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import TypeVar

from ....application.failures import kinds

_logger = logging.getLogger("multiplespawner.progress")

_END_LIMIT = 1.0
"""Seconds that a stream has to end when nobody listens any more."""

Item = TypeVar("Item")


async def woven(*streams: AsyncGenerator[Item, None]) -> AsyncGenerator[Item, None]:
    """What they yield, as it comes; ends with the first one, the main one.

    Of a stream that raises nothing more comes; that is logged by its kind. Closed, it closes all of them.
    """
    # one at a time: a stream that never waits leaves the others their turn
    ready: asyncio.Queue[tuple[Item] | None] = asyncio.Queue(maxsize=1)
    main, *others = (asyncio.create_task(_pump(stream, ready)) for stream in streams)
    ended = asyncio.create_task(_tell_end(main, ready))
    try:
        while (item := await ready.get()) is not None:
            yield item[0]
    finally:
        tasks = {main, ended, *others}
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks, timeout=_END_LIMIT)


async def _pump(stream: AsyncGenerator[Item, None], ready: "asyncio.Queue[tuple[Item] | None]") -> None:
    try:
        async with aclosing(stream):
            async for item in stream:
                await ready.put((item,))
    except Exception as error:
        _logger.warning("A progress ended with an error: %s", kinds(error))


async def _tell_end(main: "asyncio.Task[None]", ready: "asyncio.Queue[tuple[Item] | None]") -> None:
    await asyncio.wait({main})
    await ready.put(None)
