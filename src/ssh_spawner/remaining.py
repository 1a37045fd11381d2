"""Notebooks that could not be ended because their host was out of reach: they are ended later."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from attrs import define, field

from .notebook import Notebook
from .run import Run

MOST = 20
"""That are remembered, the last ones."""


@define(eq=False)
class Remaining:
    """Those of one spawner; they are part of its state."""

    runs: list[Run] = field(factory=list)
    _tasks: set[asyncio.Task[None]] = field(factory=set, init=False)

    @classmethod
    def read(cls, state: Mapping[str, Any]) -> "Remaining":
        """Those that a state tells of."""
        documents = state.get("remaining")
        found = [Run.read(each) for each in documents] if isinstance(documents, list) else []
        return cls([run for run in found if run is not None])

    def state(self) -> dict[str, Any]:
        """What `read` reads; {} if there are none."""
        return {"remaining": [run.document() for run in self.runs]} if self.runs else {}

    def add(self, run: Run) -> None:
        """Remember one."""
        others = [each for each in self.runs if each.token != run.token]
        self.runs = [*others[1 - MOST :], run]

    def end_soon(self, found: Callable[[Run], Notebook]) -> None:
        """Try to end all, without waiting for it."""
        for run in self.runs:
            task = asyncio.get_running_loop().create_task(self._end(run, found))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _end(self, run: Run, found: Callable[[Run], Notebook]) -> None:
        notebook = found(run)
        try:
            await notebook.end(0)
            self.runs = [each for each in self.runs if each is not run]
        except Exception as error:
            notebook.link.log.warning("A notebook that is not needed may still run: %s", error)
        finally:
            await notebook.let_go()
