"""What can be asked of a resource, or reported about it."""

from datetime import datetime

from attrs import frozen

from ..values import Endpoint, Hardware, Part


@frozen
class RequestResource:
    """Intend to rent something."""

    provider: str
    type: str
    hardware: Hardware
    image: str | None
    token: str
    allocation: str
    session: str
    allowances: tuple[str, ...] = ()


@frozen
class RecordCreated:
    """The provider named something that it made."""

    id: str
    parts: tuple[Part, ...] = ()


@frozen
class RecordProvisioned:
    """It can be reached."""

    endpoint: Endpoint
    host_keys: tuple[str, ...] = ()


@frozen
class RecordProvisioningFailed:
    """The provider could not give it; `not_before` None means that no attempt follows."""

    code: str
    message: str
    attempt: int
    not_before: datetime | None


@frozen
class RecordConfigured:
    """A configurer was applied."""

    digest: str


@frozen
class KeepResource:
    """Hold it for the user after the session."""

    until: datetime
    user: int


@frozen
class ClaimResource:
    """Use a kept resource for a session."""

    session: str


@frozen
class RecordSuspended:
    """The provider put it to sleep."""


@frozen
class RecordResumed:
    """The provider woke it."""


@frozen
class RequestRelease:
    """Have it given back."""

    why: str


@frozen
class RecordReleaseFailed:
    """Giving it back did not work."""

    attempt: int
    not_before: datetime
    code: str


@frozen
class RecordReleased:
    """The provider says that it is gone."""


@frozen
class RecordLost:
    """The provider no longer has it."""

    code: str


ResourceCommand = (
    RequestResource
    | RecordCreated
    | RecordProvisioned
    | RecordProvisioningFailed
    | RecordConfigured
    | KeepResource
    | ClaimResource
    | RecordSuspended
    | RecordResumed
    | RequestRelease
    | RecordReleaseFailed
    | RecordReleased
    | RecordLost
)
