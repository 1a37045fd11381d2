"""What can happen to a resource: one thing held at a provider, from the intent to rent it to its end."""

from datetime import datetime

from attrs import frozen

from ..values import Endpoint, Hardware, Part


@frozen
class ResourceRequested:
    """The intent, durable before the provider is called."""

    provider: str
    type: str
    """`virtual_machine`, `container` or `bare_metal`."""
    hardware: Hardware
    image: str | None
    token: str
    """Public mark by which the provider finds it again: the owner of the log and the resource's id."""
    allocation: str
    """`provider`, or `spawner` where the inner spawner itself allocates (a process, a container, a job)."""
    session: str
    """The session that it is rented for; a later one may claim it."""
    allowances: tuple[str, ...] = ()
    """Streams of the pools and quotas it counts against."""


@frozen
class ResourceCreated:
    """The provider knows it; may be repeated when it makes more than one thing for one token."""

    id: str
    parts: tuple[Part, ...] = ()


@frozen
class ResourceProvisioned:
    """It can be reached."""

    endpoint: Endpoint
    host_keys: tuple[str, ...] = ()


@frozen
class ResourceProvisioningFailed:
    """The provider could not give it."""

    code: str
    message: str
    attempt: int
    not_before: datetime | None
    """Earliest next attempt; None means that none will be made."""


@frozen
class ResourceConfigured:
    """A configurer was applied; the same digest need not be applied again."""

    digest: str


@frozen
class ResourceKept:
    """It outlives its session for a while."""

    until: datetime
    user: int


@frozen
class ResourceClaimed:
    """A session uses a kept resource."""

    session: str


@frozen
class ResourceSuspended:
    """It sleeps at the provider and costs less."""


@frozen
class ResourceResumed:
    """It is awake again."""


@frozen
class ResourceReleaseRequested:
    """It is to be given back."""

    why: str


@frozen
class ResourceReleaseFailed:
    """Giving it back did not work and is tried again."""

    attempt: int
    not_before: datetime
    code: str


@frozen
class ResourceReleased:
    """The provider says that it is gone."""


@frozen
class ResourceLost:
    """The provider no longer has it, though we did not give it back."""

    code: str


ResourceFact = (
    ResourceRequested
    | ResourceCreated
    | ResourceProvisioned
    | ResourceProvisioningFailed
    | ResourceConfigured
    | ResourceKept
    | ResourceClaimed
    | ResourceSuspended
    | ResourceResumed
    | ResourceReleaseRequested
    | ResourceReleaseFailed
    | ResourceReleased
    | ResourceLost
)
