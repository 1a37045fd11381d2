"""Calls off a start: what the hub does when a server that is starting is deleted by its API."""

import asyncio
from typing import Any

from .....application.failures import kinds
from ..houses import house_of

CANCELLED = "start_cancelled"
"""Why the session ends, as the log has it."""

_DURABLE_LIMIT = 1.0
"""Seconds to wait until the log says who called it off; it is called off in any case."""

_AGAIN_AFTER = 10.0
"""Seconds that a start has to notice before it is told again; ours takes one at most, a hook may hold on."""

_SOON = 1.5
"""Seconds that whoever asked waits for the end: most are over by then."""


async def cancel(handler: Any, user: Any, spawner: Any) -> None:
    """Call off the start of a server, and wait a moment for its end; safe to repeat.

    `handler` is one of the hub's page handlers. What goes on afterwards goes on by itself.
    """
    start = spawner._spawn_future
    if start is None:
        # the hub only looks whether a server that runs is still there: meanwhile that counts as starting
        return
    if spawner.cancelling is None or spawner.cancelling.done():
        spawner.cancelling = asyncio.create_task(_cancel(handler, user, spawner, start))
        spawner.cancelling.add_done_callback(lambda task: _report(handler, task))
    await asyncio.wait({spawner.cancelling}, timeout=_SOON)


async def _cancel(handler: Any, user: Any, spawner: Any, start: "asyncio.Future[None]") -> None:
    spawner.call_off()
    is_own = getattr(handler.current_user, "name", None) == user.name
    try:
        async with asyncio.timeout(_DURABLE_LIMIT):
            await _say_why(spawner, "user" if is_own else "administrator")
    except Exception as error:
        handler.log.warning("The log was not told who called a start off: %s", kinds(error))
    while not start.done():
        start.cancel()
        await asyncio.wait({start}, timeout=_AGAIN_AFTER)
    if spawner.pending or user.spawners.get(spawner.name) is not spawner:
        return
    if spawner.server is not None:
        # also one that became ready just now: the log has been told that it ends
        await handler.stop_single_user(user, spawner.name)
    elif not spawner.was_called_off:
        # it had hardly begun: there is nothing to stop, after which the hub would clear it
        spawner.clear_state()


async def _say_why(spawner: Any, by: str) -> None:
    """Have the log say it before the hub's own reason, which is that it cancels; the first reason counts."""
    if spawner.last_session is not None:
        house = await house_of(spawner)
        await house.stop.request(spawner.last_session, by, CANCELLED)


def _report(handler: Any, task: "asyncio.Task[None]") -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        handler.log.error("Calling off a start went wrong: %s", kinds(error))
