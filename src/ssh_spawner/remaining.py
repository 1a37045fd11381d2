"""Notebooks that could not be ended because their host was out of reach: they are ended later."""

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Any

from attrs import define, field

from .notebook import Notebook
from .run import Run

MOST = 20
"""That are remembered, the last ones."""
A_DAY = 24 * 3600.0
"""Seconds for which a host is tried; after that the next start of the same user tries once more."""


@define(eq=False)
class Remaining:
    """Those of one spawner; they are part of its state."""

    runs: list[Run] = field(factory=list)
    _tasks: dict[str, asyncio.Task[None]] = field(factory=dict, init=False)
    """By the token of what each ends."""

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

    def end_soon(self, found: Callable[[Run], Notebook], *, patient: bool) -> None:
        """Try to end all, without waiting for it; who is patient tries until the host is back, for a day."""
        for run in self.runs:
            if run.token not in self._tasks:
                ending = self._end(run, found(run), A_DAY if patient else 0.0)
                self._tasks[run.token] = asyncio.get_running_loop().create_task(ending)

    async def _end(self, run: Run, notebook: Notebook, seconds: float) -> None:
        until, link = time.monotonic() + seconds, notebook.link
        try:
            error = await self._failed(run, notebook)
            if error is not None:
                link.log.warning("A notebook that is not needed may still run: %s", error)
            while error is not None and time.monotonic() < until:
                await asyncio.sleep(link.pace.longest)
                # the link is told that it is wanted only once, at first: nobody waits for this
                if link.connection is not None:
                    error = await self._failed(run, notebook)
        finally:
            del self._tasks[run.token]
            await notebook.let_go()

    async def _failed(self, run: Run, notebook: Notebook) -> Exception | None:
        """Why it could not be ended; None once it is."""
        try:
            await notebook.end(0)
        except Exception as error:
            return error
        self.runs = [each for each in self.runs if each is not run]
        return None
