"""What configurers are doing now, task by task; in memory only, for whoever watches a start."""

import asyncio
from collections.abc import AsyncIterator

from attrs import define, field

from .ports.configurer import TaskProgress

MOST = 10_000
"""Tasks kept of one session: a playbook that loops over more is told only so far."""


@define(eq=False)
class _Told:
    tasks: list[TaskProgress] = field(factory=list)
    is_over: bool = False
    listeners: int = 0
    more: asyncio.Event = field(factory=asyncio.Event)
    latest: TaskProgress | None = None
    runs: int = 0
    """How often it began anew."""

    def wake(self) -> None:
        self.more.set()
        self.more = asyncio.Event()


@define(eq=False)
class Doings:
    """Tasks by session, from when its configurer begins until the session's resource is gone."""

    _told: dict[str, _Told] = field(factory=dict, init=False)

    def begin(self, session: str) -> None:
        """Tell anew from now on: a run that is repeated begins with its first task."""
        told = self._of(session)
        told.tasks.clear()
        told.latest = None
        told.runs += 1

    def tell(self, session: str, task: TaskProgress) -> None:
        """One task began or ended."""
        told = self._of(session)
        if len(told.tasks) < MOST:
            told.tasks.append(task)
        told.latest = task
        told.wake()

    def end(self, session: str) -> None:
        """No more comes; forget it all."""
        told = self._told.pop(session, None)
        if told is not None:
            told.is_over = True
            told.wake()

    def latest(self, session: str) -> TaskProgress | None:
        """The last one told."""
        told = self._told.get(session)
        return None if told is None else told.latest

    async def follow(self, session: str) -> AsyncIterator[TaskProgress]:
        """All tasks, those already told first, until no more comes; may wait for the first."""
        told, seen = self._of(session), 0
        told.listeners += 1
        try:
            while True:
                more, runs = told.more, told.runs
                while seen < len(told.tasks):
                    seen += 1
                    yield told.tasks[seen - 1]
                if told.is_over:
                    return
                await more.wait()
                seen = seen if runs == told.runs else 0
        finally:
            told.listeners -= 1
            if not told.listeners and not told.tasks and self._told.get(session) is told:
                del self._told[session]

    def _of(self, session: str) -> _Told:
        return self._told.setdefault(session, _Told())
