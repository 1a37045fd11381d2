"""How long the steps of a session take, as past sessions tell."""

import asyncio
from collections import deque
from collections.abc import Mapping
from statistics import median

from attrs import define, field

from ...domain.resource import ResourceReleased
from ...domain.session import SessionPlaced, SessionRequested, SessionStarted
from ..ports.event_log import EventLog, Record
from .reading import pages
from .steps import FORWARD, StepName, StepState, steps_of

_LOOK_BACK = 20_000
"""Positions before the end of the log from which on sessions count."""
_SAMPLES = 50
"""Of each step of each offer, the latest ones that count."""
_NAMES = (
    "session.requested",
    "session.placed",
    "session.started",
    "session.stop_requested",
    "session.ended",
    "session.failed",
    "resource.requested",
    "resource.provisioned",
    "resource.release_requested",
    "resource.released",
    "deployment.authenticator_preparing",
    "deployment.authenticator_prepared",
    "deployment.configurer_starting",
    "deployment.configurer_applied",
    "deployment.spawner_starting",
    "deployment.spawner_started",
    "deployment.spawner_stopping",
)


@define(eq=False)
class _Life:
    """One session that is not over yet."""

    offer: str
    streams: list[str]
    records: list[Record] = field(factory=list)


Samples = dict[StepName, deque[float]]


class Expected:
    """Follows the log: the first look reads its last part, later ones only what is new."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._after: int | None = None
        self._lives: dict[str, _Life] = {}
        self._samples: dict[str, Samples] = {}
        """By id of the offer, and by name of the provider."""
        self._turn = asyncio.Lock()

    async def of(self, offer_id: str, provider: str | None = None) -> Mapping[str, float]:
        """Median seconds by step of past sessions with this offer; where there are none, of its provider.

        Without the steps that no past session tells. `provider` is that of the offer's id unless given.
        Raises LogUnavailable, LogDamaged.
        """
        async with self._turn:
            await self._follow()
        of_provider = self._samples.get(provider or offer_id.partition("/")[0], {})
        known = {**of_provider, **self._samples.get(offer_id, {})}
        return {name: median(samples) for name, samples in known.items()}

    async def _follow(self) -> None:
        end = await self._log.position()
        if self._after is None:
            self._after = max(end - _LOOK_BACK, 0)
        async for page in pages(self._log, self._after, end, _NAMES):
            for record in page:
                self._take(record)
            self._after = page[-1].position
        self._after = max(self._after, end)

    def _take(self, record: Record) -> None:
        match record.fact:
            case SessionRequested(selection=selection):
                self._lives[record.stream] = _Life(selection.offer, [record.stream])
            case SessionPlaced(resource, deployment) if record.stream in self._lives:
                life = self._lives[record.stream]
                for stream in (f"resource:{resource}", f"deployment:{deployment}"):
                    life.streams.append(stream)
                    self._lives[stream] = life
        if record.stream in self._lives:
            self._add(self._lives[record.stream], record)

    def _add(self, life: _Life, record: Record) -> None:
        life.records.append(record)
        match record.fact:
            case SessionStarted():
                self._count(life, FORWARD)
            case ResourceReleased():
                self._count(life, (StepName.STOPPING, StepName.RELEASE))
                for stream in life.streams:
                    self._lives.pop(stream, None)

    def _count(self, life: _Life, names: tuple[StepName, ...]) -> None:
        for step in steps_of(life.records):
            if step.name in names and step.state is StepState.DONE and step.seconds is not None:
                for key in (life.offer, life.offer.partition("/")[0]):
                    samples = self._samples.setdefault(key, {})
                    samples.setdefault(step.name, deque(maxlen=_SAMPLES)).append(step.seconds)
