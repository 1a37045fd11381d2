"""Stop a child and wait until its notebook is gone."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from inspect import Parameter, signature
from typing import Protocol

from jupyterhub.spawner import Spawner

from ....application.ports.inner_spawner import Liveness, Polled, SpawnFailed
from .asking import ask

Poll = Callable[[], Awaitable[Polled]]


class _Limits(Protocol):
    @property
    def stop(self) -> float: ...
    @property
    def gone(self) -> float: ...
    @property
    def watch(self) -> float: ...


async def stop_child(child: Spawner, now: bool, poll: Poll, limits: _Limits) -> int:
    """Return the exit status of the notebook once it is gone; what is gone already is not stopped again.

    Raises SpawnFailed: `inner_stop_failed` when `stop` raised or took too long and the notebook is not gone,
    `inner_still_running` when it returned and the notebook stays.
    """
    before = await poll()
    if before.liveness is Liveness.GONE:
        return before.status or 0
    try:
        await ask(partial(_stop, child, now), limits.stop)
    except Exception as error:
        after = await poll()
        if after.liveness is Liveness.GONE:
            return after.status or 0
        raise SpawnFailed("inner_stop_failed", "The notebook could not be stopped.") from error
    return await _gone(poll, limits)


def _stop(child: Spawner, now: bool) -> object:
    parameters = signature(child.stop).parameters.values()
    has_now = any(each.name == "now" or each.kind is Parameter.VAR_KEYWORD for each in parameters)
    return child.stop(now=now) if has_now else child.stop()


async def _gone(poll: Poll, limits: _Limits) -> int:
    loop = asyncio.get_running_loop()
    until = loop.time() + limits.gone
    while (last := await poll()).liveness is not Liveness.GONE:
        if loop.time() > until:
            raise SpawnFailed("inner_still_running", f"The notebook did not stop (it is {last.liveness}).")
        await asyncio.sleep(limits.watch)
    return last.status or 0
