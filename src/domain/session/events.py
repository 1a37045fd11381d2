"""What can happen to a session: one run of a server, from the request to its end."""

from datetime import datetime

from attrs import frozen

from ..values import Selection, ServerId


@frozen
class SessionRequested:
    """A user asked for a server; nothing is rented yet."""

    server: ServerId
    selection: Selection
    configuration: str
    """SHA-256 of the configuration that allowed it."""
    groups: tuple[str, ...] = ()
    """The user's groups at that moment."""


@frozen
class SessionPlaced:
    """A resource and a deployment were set aside for it."""

    resource: str
    deployment: str
    attempt: int = 1


@frozen
class SessionStarted:
    """The notebook runs."""

    address: str
    """URL under which the hub reaches it."""


@frozen
class SessionExpirySet:
    """It will be stopped at the deadline."""

    deadline: datetime


@frozen
class SessionStopRequested:
    """Somebody, or we ourselves, want it to end."""

    by: str
    """`user`, `hub`, `administrator` or `system`."""
    why: str
    now: bool = False
    """Whether the notebook gets no time to end by itself."""


@frozen
class SessionEnded:
    """Its notebook is gone."""

    reason: str
    status: int
    """Exit status of the notebook, 0 if unknown."""


@frozen
class SessionFailed:
    """It ended without ever having run."""

    step: str
    code: str
    message: str
    """For the user; without secrets."""
    status: int = 1


SessionFact = (
    SessionRequested
    | SessionPlaced
    | SessionStarted
    | SessionExpirySet
    | SessionStopRequested
    | SessionEnded
    | SessionFailed
)
