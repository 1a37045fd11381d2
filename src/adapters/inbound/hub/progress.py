"""What is told while a server starts: our steps as the log has them, with the inner spawner's events."""

import asyncio
import json
import math
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing, suppress
from contextvars import ContextVar
from datetime import datetime
from typing import Any, cast

from attrs import define, evolve, field

from ....application.failures import kinds
from ....application.house import House
from ....application.ports.providers import ProviderMissing
from ....application.views.following import follow
from ....application.views.progress import Progress
from ....application.views.steps import Step, StepName, StepState
from ....domain.session import SessionPhase
from .advice import short_id
from .houses import house_of
from .step_words import WAITING, lines, rows, task_line
from .weaving import woven

Event = Mapping[str, Any]

_OURS = 0.9
"""How much of the bar is for the log's steps; the rest is for the notebook to answer the hub."""

_KEPT_FROM_OTHERS = frozenset({"ready", "failed", "url", "steps", "remaining", "session", "progress"})
"""Keys that mean something to the hub or to our page: an inner spawner's events don't have them."""

BEAT = 5.0
"""Seconds between two events that come though nothing happened; the page's script counts on them."""

_LINE_FIRST = 2.0
"""Seconds that an inner spawner's events wait for the line that says that its step has begun."""


STEPS_WANTED: ContextVar[bool] = ContextVar("steps_wanted", default=False)
"""Whether whoever listens asked for our steps where the inner spawner could tell all there is to tell."""


async def events_of(spawner: Any) -> AsyncGenerator[Event, None]:
    """The events of an outer spawner's start, from its first; never raises.

    Until it is known what is started only that somebody is there is told. Who did not ask for our steps is
    told what the inner spawner tells, as by the hub, unless there is a machine to wait for before it starts.
    """
    while spawner._spawn_pending and not spawner.under_way.is_set():
        try:
            await asyncio.wait_for(spawner.under_way.wait(), BEAT)
        except TimeoutError:
            yield {"progress": 0}
    chosen, session = spawner._chosen, spawner._session
    if chosen is None or session is None:
        return
    try:
        house = await house_of(spawner)
    except Exception as error:
        spawner.log.error("The progress of %s can't be told: %s", spawner._log_name, kinds(error))
        return
    telling = Telling(house, session)
    streams = [_alone(chosen.inner)]
    if STEPS_WANTED.get() or _has_a_machine(house, chosen.choice.offer.provider):
        streams = [telling.own(), telling.tasks(), telling.inner(chosen.inner), telling.beats()]
    async with aclosing(woven(*streams)) as events:
        async for event in events:
            yield event


async def _alone(inner: Any) -> AsyncGenerator[Event, None]:
    await inner.begun.wait()
    async with aclosing(_as_generator(inner.progress())) as events:
        async for event in events:
            yield event


def _has_a_machine(house: House, provider: str) -> bool:
    try:
        return house.ports.providers.provider(provider).allocates
    except ProviderMissing:
        return True


@define(eq=False)
class Telling:
    """Tells one listener of one start, from the beginning whenever they come."""

    house: House
    session: str
    _latest: Progress | None = field(default=None, init=False)
    _highest: int = field(default=0, init=False)
    _told: set[Any] = field(factory=set, init=False)
    _at_notebook: asyncio.Event = field(factory=asyncio.Event, init=False)

    async def own(self) -> AsyncGenerator[Event, None]:
        """A line for each step that begins, and for each that is done; until it runs or is over."""
        states = follow(self.house.ports.log, self.session, self.house.expected)
        async with aclosing(_as_generator(states)) as following:
            async for self._latest in following:
                for event in self._news(self._latest):
                    yield event

    async def beats(self) -> AsyncGenerator[Event, None]:
        """How far it is, every now and then: whose line was cut hears nothing, and no error."""
        while True:
            await asyncio.sleep(BEAT)
            if self._latest is not None:
                yield self._now(self._latest)

    async def tasks(self) -> AsyncGenerator[Event, None]:
        """A line for each task of the configurer as it begins."""
        async with aclosing(_as_generator(self.house.doings.follow(self.session))) as tasks:
            async for task in tasks:
                line = task_line(task)
                if line is not None and self._latest is not None:
                    yield {**self._now(self._latest), "message": line}

    async def inner(self, inner: Any) -> AsyncGenerator[Event, None]:
        """What the inner spawner says of its own start, within that step's share of the bar."""
        await inner.begun.wait()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._at_notebook.wait(), _LINE_FIRST)
        async with aclosing(_as_generator(inner.progress())) as events:
            async for event in events:
                yield self._within_its_step(event)

    def _news(self, progress: Progress) -> list[Event]:
        fresh = [(key, line) for key, line in lines(progress) if key not in self._told]
        self._told.update(key for key, _ in fresh)
        texts = [line for _, line in fresh]
        if progress.phase is SessionPhase.RUNNING:
            texts.append(WAITING)
        if any(step.name is StepName.NOTEBOOK for step in progress.steps):
            self._at_notebook.set()
        return [{**self._now(progress), "message": text} for text in texts]

    def _now(self, progress: Progress) -> Event:
        now = self.house.ports.clock.now()
        left = progress.remaining(now)
        return {
            "progress": self._forward(evolve(progress, parts=self._parts()).percent(now)),
            "steps": rows(progress, now),
            "remaining": None if left is None else round(left, 3),
            "session": short_id(self.session),
        }

    def _parts(self) -> Mapping[StepName, float]:
        task = self.house.doings.latest(self.session)
        return {StepName.SETUP: task.done / task.total} if task is not None and task.total else {}

    def _within_its_step(self, event: Event) -> Event:
        taken = {
            key: value for key, value in event.items() if key not in _KEPT_FROM_OTHERS and _is_json(value)
        }
        part = event.get("progress")
        if self._latest is None or not isinstance(part, int | float) or not math.isfinite(part):
            return taken
        low, high = share_of_notebook(self._latest, self.house.ports.clock.now())
        return {**taken, "progress": self._forward(low + (high - low) * min(max(part, 0), 100) / 100)}

    def _forward(self, percent: float) -> int:
        self._highest = max(self._highest, bar(percent))
        return self._highest


def bar(percent: float) -> int:
    """How far the bar of a start is, of 100, whose steps in the log are so far."""
    return int(percent * _OURS)


def share_of_notebook(progress: Progress, now: datetime) -> tuple[float, float]:
    """From which percent to which the notebook's step leads."""
    others = tuple(step for step in progress.steps if step.name is not StepName.NOTEBOOK)
    done = Step(StepName.NOTEBOOK, StepState.DONE, now, 0.0)
    ends = (evolve(progress, steps=others), evolve(progress, steps=(*others, done)))
    return ends[0].percent(now), ends[1].percent(now)


def _is_json(value: object) -> bool:
    try:
        json.dumps(value)
    except (TypeError, ValueError, RecursionError):
        return False
    return True


def _as_generator(events: AsyncIterator[Any]) -> AsyncGenerator[Any, None]:
    # all of them are; the ports promise iterators only
    return cast(AsyncGenerator[Any, None], events)
