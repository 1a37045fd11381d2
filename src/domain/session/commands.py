"""What can be asked of a session."""

from datetime import datetime

from attrs import frozen

from ..values import Selection, ServerId


@frozen
class RequestSession:
    """Begin a session for a server."""

    server: ServerId
    selection: Selection
    configuration: str
    groups: tuple[str, ...] = ()


@frozen
class PlaceSession:
    """Set a resource and a deployment aside for it; a later attempt takes the place of an earlier one."""

    resource: str
    deployment: str
    attempt: int = 1


@frozen
class MarkSessionStarted:
    """Record that its notebook runs."""

    address: str


@frozen
class SetExpiry:
    """Have it stopped at the deadline."""

    deadline: datetime


@frozen
class RequestStop:
    """Have it end; the first reason counts."""

    by: str
    why: str
    now: bool = False


@frozen
class EndSession:
    """Record that its notebook is gone."""

    reason: str
    status: int = 0


@frozen
class FailSession:
    """Record that it will never run."""

    step: str
    code: str
    message: str
    status: int = 1


SessionCommand = (
    RequestSession | PlaceSession | MarkSessionStarted | SetExpiry | RequestStop | EndSession | FailSession
)
