"""A child's progress events, made safe: they end with its start and never raise."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from typing import Any

from jupyterhub.spawner import Spawner


async def events_until(start: asyncio.Task[str] | None, child: Spawner) -> AsyncIterator[Mapping[str, Any]]:
    """Yield the child's events until it has no more, or `start` is over (None: not begun)."""
    try:
        events = child.progress().__aiter__()
        while (event := await _next(events, start)) is not None:
            yield dict(event)
    except Exception as error:
        kind, spawner = type(error).__name__, type(child).__name__
        child.log.warning("The progress of %s can't be read: %s", spawner, kind)


async def _next(
    events: AsyncIterator[Mapping[str, Any]], start: asyncio.Task[str] | None
) -> Mapping[str, Any] | None:
    following = asyncio.ensure_future(anext(events, None))
    try:
        await asyncio.wait({following, start} if start else {following}, return_when=asyncio.FIRST_COMPLETED)
        return following.result() if following.done() else None
    finally:
        if not following.done():
            following.cancel()
            with suppress(Exception, asyncio.CancelledError):
                await following
