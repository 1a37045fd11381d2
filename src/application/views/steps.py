"""The steps of a session as its user sees them, with their times as the log tells them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum

from attrs import evolve as change
from attrs import field, frozen

from ...domain import deployment as d
from ...domain import resource as r
from ...domain import session as s
from ...domain.allowance import member_of
from ...domain.catalogue import Fact
from ..ports.event_log import Record


class StepName(StrEnum):
    """What is done for a session, in the order in which it is done."""

    REQUESTED = "requested"
    """The request is in the log."""
    MACHINE = "machine"
    """The provider makes the resource; only where the provider allocates."""
    KEYS = "keys"
    """The authenticator makes credentials."""
    SETUP = "setup"
    """The configurer sets the resource up."""
    NOTEBOOK = "notebook"
    """The inner spawner starts the notebook."""
    STOPPING = "stopping"
    """The notebook is stopped."""
    RELEASE = "release"
    """The resource is given back."""


FORWARD = (StepName.REQUESTED, StepName.MACHINE, StepName.KEYS, StepName.SETUP, StepName.NOTEBOOK)
"""Those towards a running notebook."""


class StepState(StrEnum):
    """How far a step has come."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@frozen
class Step:
    """One step of one session."""

    name: StepName
    state: StepState
    began: datetime
    """UTC."""
    seconds: float | None = None
    """How long it took; None while it runs."""
    expected: float | None = None
    """Seconds that it took in past sessions; None where none tells."""
    code: str | None = None
    """Of what went wrong, or of what is tried again while it runs; None if nothing did."""
    detail: str = ""
    """The same for the user, without secrets."""
    known: Mapping[str, str] = field(factory=dict)
    """What came of it: `machine` (its name in the pool), `host_key` and `certificate` (serial), `until`."""

    def lasted(self, now: datetime) -> float:
        """Seconds that it has taken so far, or took; 0 where a later fact has an earlier time."""
        return self.seconds if self.seconds is not None else max((now - self.began).total_seconds(), 0.0)


_BEGIN: dict[type[Fact], StepName] = {
    d.AuthenticatorPreparing: StepName.KEYS,
    d.ConfigurerStarting: StepName.SETUP,
    d.SpawnerStarting: StepName.NOTEBOOK,
    d.SpawnerStopping: StepName.STOPPING,
    r.ResourceReleaseRequested: StepName.RELEASE,
}
_END: dict[type[Fact], StepName] = {
    r.ResourceProvisioned: StepName.MACHINE,
    d.ConfigurerApplied: StepName.SETUP,
    d.SpawnerStarted: StepName.NOTEBOOK,
    s.SessionEnded: StepName.STOPPING,
    r.ResourceReleased: StepName.RELEASE,
}
_OF_FAILURE = {
    "provision": StepName.MACHINE,
    "authenticate": StepName.KEYS,
    "configure": StepName.SETUP,
}
"""By the step that `session.failed` names; all else is starting the notebook."""


def steps_of(records: Iterable[Record]) -> tuple[Step, ...]:
    """The steps that have begun, in that order, from the records of one session's streams."""
    steps = _Steps()
    for record in sorted(records, key=lambda each: each.position):
        steps.take(record.fact, record.time)
    return tuple(steps.known.values())


class _Steps:
    """The steps so far; takes one fact after the other."""

    def __init__(self) -> None:
        self.known: dict[StepName, Step] = {}

    def take(self, fact: Fact, time: datetime) -> None:
        match fact:
            case s.SessionRequested():
                self.known[StepName.REQUESTED] = Step(StepName.REQUESTED, StepState.DONE, time, 0.0)
            case r.ResourceRequested(provider=provider, allocation="provider", allowances=allowances):
                self._begin(StepName.MACHINE, time)
                self._learn(StepName.MACHINE, machine=member_of(provider, allowances))
            case d.AuthenticatorPrepared(serial=serial, until=until, host_key=host_key):
                self._end(StepName.KEYS, time)
                certificate = None if serial is None else str(serial)
                end = None if until is None else until.isoformat(timespec="seconds")
                self._learn(StepName.KEYS, host_key=host_key, certificate=certificate, until=end)
            case r.ResourceCreated():
                self._trouble(StepName.MACHINE, None, "")
            case r.ResourceProvisioningFailed(code, message, _, None):
                self._fail(StepName.MACHINE, time, code, message)
            case r.ResourceProvisioningFailed(code, message):
                self._trouble(StepName.MACHINE, code, message)
            case d.AuthenticatorFailed(code, message):
                self._fail(StepName.KEYS, time, code, message)
            case d.ConfigurerFailed(code, message):
                self._fail(StepName.SETUP, time, code, message)
            case d.SpawnerFailed(code, message):
                self._fail(StepName.NOTEBOOK, time, code, message)
            case d.SpawnerStopFailed(code=code):
                self._trouble(StepName.STOPPING, code, "")
            case r.ResourceReleaseFailed(code=code):
                self._trouble(StepName.RELEASE, code, "")
            case s.SessionStopRequested(why=why):
                self._interrupt(time, why)
                self._begin(StepName.STOPPING, time)
            case s.SessionFailed(step, code, message):
                self._fail(self._unfinished(step), time, code, message)
                self._end(StepName.STOPPING, time)
            case _ if (name := _BEGIN.get(type(fact))) is not None:
                self._begin(name, time)
            case _ if (name := _END.get(type(fact))) is not None:
                self._end(name, time)

    def _begin(self, name: StepName, time: datetime) -> None:
        # stopping begins with the request, before the call of the inner spawner is told
        if name not in self.known:
            self.known[name] = Step(name, StepState.RUNNING, time)

    def _learn(self, name: StepName, **known: str | None) -> None:
        step = self.known.get(name)
        if step is not None:
            told = {what: value for what, value in known.items() if value is not None}
            self.known[name] = change(step, known=told)

    def _end(self, name: StepName, time: datetime) -> None:
        step = self.known.get(name)
        if step is not None and step.state is not StepState.DONE:
            self.known[name] = Step(name, StepState.DONE, step.began, step.lasted(time), known=step.known)

    def _fail(self, name: StepName, time: datetime, code: str, message: str) -> None:
        step = self.known.get(name) or Step(name, StepState.RUNNING, time)
        seconds = step.lasted(time)
        self.known[name] = Step(name, StepState.FAILED, step.began, seconds, code=code, detail=message)

    def _trouble(self, name: StepName, code: str | None, message: str) -> None:
        step = self.known.get(name)
        if step is not None and step.state is StepState.RUNNING:
            self.known[name] = change(step, code=code, detail=message)

    def _interrupt(self, time: datetime, why: str) -> None:
        for step in tuple(self.known.values()):
            if step.name in FORWARD and step.state is StepState.RUNNING:
                self._fail(step.name, time, why, "")

    def _unfinished(self, told: str) -> StepName:
        """The step that a failed session failed at: the one that was not done, else the one that is told."""
        for step in self.known.values():
            if step.name in FORWARD and step.state is not StepState.DONE:
                return step.name
        name = _OF_FAILURE.get(told, StepName.NOTEBOOK)
        return StepName.NOTEBOOK if name in self.known else name
