"""How far a session has come, and how long the rest may take."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from attrs import evolve as change
from attrs import field, frozen

from ...domain import session as s
from ...domain.deployment import ConfigurerStarting, DeploymentPlanned
from ...domain.resource import ResourceConfigured, ResourceRequested
from ...domain.session import SessionPhase
from ..ports.event_log import Record
from .steps import FORWARD, Step, StepName, StepState, steps_of

_FIRST = 5.0
"""Percent that a request is worth which is in the log."""
_MOST = 99.9
"""Percent before the session is told to run."""
_AT_ITS_END = 0.9
"""How full a step's share is when it has taken as long as expected."""
_FULLEST = 0.999
"""How full it is at most before the step has ended."""
_USUAL = 30.0
"""Seconds after which half of a step's share is full, where no past session tells."""
_LEAST = 0.1
"""Seconds that a step counts for at least, so that none is expected to take no time."""


@frozen
class Progress:
    """One session on its way, as its facts tell it."""

    session: str
    offer: str | None
    """Id of the offer; None while the request is not in the log."""
    phase: SessionPhase
    steps: tuple[Step, ...]
    """Those that have begun."""
    planned: tuple[StepName, ...]
    """All steps towards a running notebook that this session needs, in order; () while nothing is known."""
    expected: Mapping[str, float] = field(factory=dict)
    """Seconds by step, as past sessions tell; without those that none tells."""
    parts: Mapping[StepName, float] = field(factory=dict)
    """How full steps under way are, from 0 to 1, where somebody knows better than the clock."""
    code: str | None = None
    """Of the failure, or why it ended; None before."""
    message: str | None = None
    """What failed, for the user; None where it did not fail."""
    failed_step: StepName | None = None

    @property
    def coming(self) -> tuple[StepName, ...]:
        """Steps towards a running notebook that have not begun; () when it is over."""
        if self.is_settled:
            return ()
        begun = {step.name for step in self.steps}
        return tuple(name for name in self.planned if name not in begun)

    @property
    def is_settled(self) -> bool:
        """Whether it runs or is over."""
        return self.phase in (SessionPhase.RUNNING, SessionPhase.ENDED, SessionPhase.FAILED)

    @property
    def has_run(self) -> bool:
        """Whether its notebook ran, now or once."""
        return self.phase in (SessionPhase.RUNNING, SessionPhase.ENDED)

    def percent(self, now: datetime) -> float:
        """From 0 to 100, which only a notebook that ran has; never falls as time passes or more is told.

        By the expected seconds where they are known of every step, else by equal shares.
        """
        if self.has_run:
            return 100.0
        if not self.planned:
            return _FIRST if self.offer else 0.0
        steps = {step.name: step for step in self.steps}
        weights = self._weights()
        full = sum(weight * self._full(steps.get(name), now) for name, weight in weights.items())
        return min(_FIRST + (100.0 - _FIRST) * full / sum(weights.values()), _MOST)

    def remaining(self, now: datetime) -> float | None:
        """Seconds until the notebook may run; 0 where all took longer than expected.

        None where a step's time is not known, and where the session is over; 0 when it runs.
        """
        if self.phase is SessionPhase.RUNNING:
            return 0.0
        running = [s for s in self.steps if s.name in FORWARD and s.state is StepState.RUNNING]
        left = [*(step.name for step in running), *self.coming]
        if not left or any(name not in self.expected for name in left):
            return None
        gone = {step.name: step.lasted(now) for step in running}
        return sum(max(self.expected[name] - gone.get(name, 0.0), 0.0) for name in left)

    def _weights(self) -> dict[StepName, float]:
        names = [name for name in self.planned if name is not StepName.REQUESTED]
        if any(name not in self.expected for name in names):
            return dict.fromkeys(names, 1.0)
        return {name: max(self.expected[name], _LEAST) for name in names}

    def _full(self, step: Step | None, now: datetime) -> float:
        if step is None:
            return 0.0
        if step.state is StepState.DONE:
            return 1.0
        lasted = step.lasted(now)
        if step.name in self.parts:
            return min(self.parts[step.name], _FULLEST)
        if step.name not in self.expected:
            return min(lasted / (lasted + _USUAL), _FULLEST)
        part = lasted / max(self.expected[step.name], _LEAST)
        # as steep after the expected end as before it, then ever slower
        rest = (1 - _AT_ITS_END) / (1 + _AT_ITS_END / (1 - _AT_ITS_END) * max(part - 1, 0.0))
        return min(_AT_ITS_END * part if part < 1 else 1 - rest, _FULLEST)


def progress_of(
    session_id: str, records: Iterable[Record], expected: Mapping[str, float] | None = None
) -> Progress:
    """The session's progress, from the records of its streams in order; one not in the log is new."""
    records, expected = tuple(records), expected or {}
    session = s.Session()
    for record in records:
        if isinstance(record.fact, s.SessionFact):
            session = s.evolve(session, record.fact)
    steps = tuple(change(step, expected=expected.get(step.name)) for step in steps_of(records))
    failed = [step.name for step in steps if step.state is StepState.FAILED]
    return Progress(
        session=session_id,
        offer=session.selection.offer if session.selection else None,
        phase=session.phase,
        steps=steps,
        planned=_planned(records),
        expected=expected,
        code=session.reason,
        message=session.message,
        failed_step=failed[-1] if failed and session.phase is SessionPhase.FAILED else None,
    )


def _planned(records: Sequence[Record]) -> tuple[StepName, ...]:
    names: set[StepName] = set()
    wanted: str | None = None
    begun = any(isinstance(record.fact, ConfigurerStarting) for record in records)
    for record in records:
        match record.fact:
            case ResourceConfigured(digest) if digest == wanted and not begun:
                # its machine was set up for an earlier session
                names.discard(StepName.SETUP)
            case ResourceRequested(allocation="provider"):
                names.add(StepName.MACHINE)
            case DeploymentPlanned(authenticator=authenticator, configurer=configurer):
                names |= {StepName.REQUESTED, StepName.NOTEBOOK}
                names |= {StepName.KEYS} if authenticator else set()
                names |= {StepName.SETUP} if configurer else set()
                wanted = configurer
    return tuple(name for name in FORWARD if name in names and StepName.NOTEBOOK in names)
