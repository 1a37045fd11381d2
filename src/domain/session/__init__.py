"""Session: one run of a server, from the request to its end; a fresh id each start."""

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
from .decisions import decide
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
from .state import Session, SessionPhase, evolve

__all__ = [
    "EndSession",
    "FailSession",
    "MarkSessionStarted",
    "PlaceSession",
    "RequestSession",
    "RequestStop",
    "Session",
    "SessionCommand",
    "SessionEnded",
    "SessionExpirySet",
    "SessionFact",
    "SessionFailed",
    "SessionPhase",
    "SessionPlaced",
    "SessionRequested",
    "SessionStarted",
    "SessionStopRequested",
    "SetExpiry",
    "decide",
    "evolve",
]
