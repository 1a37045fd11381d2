"""Values that facts and commands are made of."""

from datetime import datetime
from enum import StrEnum

from attrs import field, frozen


class ResourceTypes(StrEnum):
    """What can be rented."""

    VIRTUAL_MACHINE = "virtual_machine"
    CONTAINER = "container"
    BARE_METAL = "bare_metal"


@frozen
class ServerId:
    """What JupyterHub calls a server; names are data (a user can be renamed while it runs)."""

    hub: str
    user: int
    spawner: int


@frozen
class Hardware:
    """What a resource has or a user asks for; None means: not chosen, the provider decides."""

    cpu: float | None = None
    """Virtual processors."""
    memory: float | None = None
    """GiB."""
    gpu: int | None = None
    gpu_kind: str | None = None


OptionValue = str | int | bool


@frozen
class Selection:
    """One offer plus what the user chose within it."""

    offer: str
    hardware: Hardware = field(factory=Hardware)
    lifetime: int | None = None
    """Minutes; None means no end is planned."""
    options: tuple[tuple[str, OptionValue], ...] = ()
    """The offer's own typed options, as (name, value), sorted by name."""


@frozen
class Part:
    """Something beside the machine itself that a provider bills or keeps: a disk, an address, a process."""

    kind: str
    id: str


@frozen
class Endpoint:
    """Where a resource is reached; both None when the inner spawner reaches it by itself."""

    address: str | None = None
    port: int | None = None


@frozen
class StopRequest:
    """Why a session is to end."""

    by: str
    """`user`, `hub`, `administrator` or `system`."""
    why: str
    now: bool = False
    """Whether the notebook gets no time to end by itself."""


@frozen
class Amount:
    """How much of something shared: `sessions` 1, `gpu` 2, `memory` 16 (GiB)."""

    of: str
    quantity: float


@frozen
class Retry:
    """A failed attempt that is made again, not before a time."""

    attempt: int
    not_before: datetime


@frozen
class Failure:
    """What went wrong: which step, a stable code, and words for the user without secrets."""

    step: str
    code: str
    message: str
    task: str | None = None
    """Of a configurer, that failed."""
    host: str | None = None
    """On which it failed."""
