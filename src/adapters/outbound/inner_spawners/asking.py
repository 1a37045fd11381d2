"""Call what may be sync or async, within a time limit, so that no answer of it can cancel us."""

import asyncio
from collections.abc import Callable
from typing import Any

from jupyterhub.utils import maybe_future


class GaveUp(Exception):
    """What was called cancelled itself."""


async def ask(call: Callable[[], Any], limit: float) -> Any:
    """Return what `call()` returns or resolves to within `limit` seconds.

    Raises what it raises; TimeoutError when the time is over, even where it ignores being cancelled; GaveUp
    instead of its own CancelledError, which would look as if the caller were cancelled.
    """
    task = asyncio.create_task(_called(call))
    task.add_done_callback(_retrieved)
    try:
        await asyncio.wait({task}, timeout=limit)
        if not task.done():
            raise TimeoutError(f"no answer within {limit:g} s")
    finally:
        task.cancel()
    if task.cancelled():
        raise GaveUp("it cancelled itself")
    return task.result()


async def _called(call: Callable[[], Any]) -> Any:
    return await maybe_future(call())


def _retrieved(task: asyncio.Task[Any]) -> None:
    # asyncio logs what nobody retrieves with its text, which is not for logs.
    if not task.cancelled():
        task.exception()
