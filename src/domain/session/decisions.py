"""Which facts follow from a command to a session."""

from ..refusals import OutOfOrder
from .commands import (
    EndSession,
    FailSession,
    MarkSessionStarted,
    PlaceSession,
    RequestSession,
    RequestStop,
    SessionCommand,
    SetExpiry,
)
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
from .state import Session, SessionPhase

Facts = tuple[SessionFact, ...]


def decide(command: SessionCommand, state: Session) -> Facts:
    """Facts that follow; none when it is already so; a refusal when it does not fit."""
    match command:
        case RequestSession():
            return _request(command, state)
        case PlaceSession():
            return _place(command, state)
        case MarkSessionStarted():
            return _mark_started(command, state)
        case SetExpiry():
            return _set_expiry(command, state)
        case RequestStop():
            return _request_stop(command, state)
        case EndSession(reason, status):
            return _finish(command, SessionEnded(reason, status), state)
        case FailSession(step, code, message, status):
            return _finish(command, SessionFailed(step, code, message, status), state)


def _request(command: RequestSession, state: Session) -> Facts:
    if state.phase is SessionPhase.NEW:
        return (SessionRequested(command.server, command.selection, command.configuration, command.groups),)
    if (state.server, state.selection) == (command.server, command.selection):
        return ()
    raise OutOfOrder("RequestSession", state.phase)


def _place(command: PlaceSession, state: Session) -> Facts:
    if (state.resource, state.deployment) == (command.resource, command.deployment):
        return ()
    first = state.phase is SessionPhase.REQUESTED and state.stop is None
    again = state.phase is SessionPhase.PLACED and state.stop is None and command.attempt > state.attempt
    if first or again:
        return (SessionPlaced(command.resource, command.deployment, command.attempt),)
    raise OutOfOrder("PlaceSession", state.phase)


def _mark_started(command: MarkSessionStarted, state: Session) -> Facts:
    if state.phase is SessionPhase.RUNNING:
        return ()
    if state.phase is SessionPhase.PLACED and state.stop is None:
        return (SessionStarted(command.address),)
    raise OutOfOrder("MarkSessionStarted", "stopping" if state.stop else state.phase)


def _set_expiry(command: SetExpiry, state: Session) -> Facts:
    if not state.is_active:
        raise OutOfOrder("SetExpiry", state.phase)
    return () if state.deadline == command.deadline else (SessionExpirySet(command.deadline),)


def _request_stop(command: RequestStop, state: Session) -> Facts:
    if state.phase is SessionPhase.NEW:
        raise OutOfOrder("RequestStop", state.phase)
    if state.is_over or state.stop is not None:
        return ()
    return (SessionStopRequested(command.by, command.why, command.now),)


def _finish(command: EndSession | FailSession, fact: SessionEnded | SessionFailed, state: Session) -> Facts:
    if state.phase is SessionPhase.NEW:
        raise OutOfOrder(type(command).__name__, state.phase)
    return () if state.is_over else (fact,)
