"""What a session is, as its facts tell it."""

from datetime import datetime
from enum import StrEnum

from attrs import evolve as change
from attrs import frozen

from ..values import Selection, ServerId, StopRequest
from .events import (
    SessionEnded,
    SessionExpirySet,
    SessionFact,
    SessionFailed,
    SessionPlaced,
    SessionRequested,
    SessionStarted,
    SessionStopRequested,
)


class SessionPhase(StrEnum):
    """Where a session is in its life."""

    NEW = "new"
    REQUESTED = "requested"
    PLACED = "placed"
    RUNNING = "running"
    ENDED = "ended"
    FAILED = "failed"


@frozen
class Session:
    """One run of a server."""

    phase: SessionPhase = SessionPhase.NEW
    server: ServerId | None = None
    selection: Selection | None = None
    configuration: str = ""
    groups: tuple[str, ...] = ()
    resource: str | None = None
    deployment: str | None = None
    attempt: int = 0
    address: str | None = None
    deadline: datetime | None = None
    stop: StopRequest | None = None
    reason: str | None = None
    """Why it ended; the code when it failed."""
    message: str | None = None
    status: int | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing of it runs any more."""
        return self.phase in (SessionPhase.ENDED, SessionPhase.FAILED)

    @property
    def is_active(self) -> bool:
        """Whether it was requested and has not ended."""
        return self.phase is not SessionPhase.NEW and not self.is_over


def evolve(state: Session, fact: SessionFact) -> Session:
    """The session after one more fact."""
    match fact:
        case SessionRequested(server, selection, configuration, groups):
            return Session(
                SessionPhase.REQUESTED,
                server=server,
                selection=selection,
                configuration=configuration,
                groups=groups,
            )
        case SessionPlaced(resource, deployment, attempt):
            return change(
                state,
                phase=SessionPhase.PLACED,
                resource=resource,
                deployment=deployment,
                attempt=attempt,
            )
        case SessionStarted(address):
            return change(state, phase=SessionPhase.RUNNING, address=address)
        case SessionExpirySet(deadline):
            return change(state, deadline=deadline)
        case SessionStopRequested(by, why, now):
            return change(state, stop=StopRequest(by, why, now))
        case SessionEnded(reason, status):
            return change(state, phase=SessionPhase.ENDED, reason=reason, status=status)
        case SessionFailed(_, code, message, status):
            return change(state, phase=SessionPhase.FAILED, reason=code, message=message, status=status)
