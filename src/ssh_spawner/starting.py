"""One start at a time, which whoever stops the notebook ends: the hub forgets a start that takes too long."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from attrs import define, field

from .failing import failure

T = TypeVar("T")


@define(eq=False)
class Starting:
    """The start of one spawner, if one is under way."""

    _task: asyncio.Task[Any] | None = field(default=None, init=False)

    async def run(self, work: Coroutine[Any, Any, T]) -> T:
        """What it gives. Raises what it raises, and NotOnHost (start_cancelled) where it was ended."""
        task: asyncio.Task[T] = asyncio.create_task(work)
        self._task = task
        try:
            return await task
        except asyncio.CancelledError as error:
            waiting = asyncio.current_task()
            if waiting is not None and waiting.cancelling():
                raise
            raise failure("start_cancelled") from error
        finally:
            self._task = None

    async def end(self) -> None:
        """End it, and wait until what it had begun is undone; none under way is fine."""
        if self._task is not None:
            task = self._task
            task.cancel()
            await asyncio.wait([task])
