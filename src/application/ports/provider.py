"""Providers: who rents out resources."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Protocol, runtime_checkable

from attrs import field, frozen

from ...domain.allowance import Member
from ...domain.values import Amount, Endpoint, Hardware, Part

MARK = "MULTIPLESPAWNER_RESOURCE"
"""Environment variable or label that carries a resource's token where the inner spawner allocates."""


class InstanceState(StrEnum):
    """What a provider says of an instance."""

    QUEUED = "queued"
    PENDING = "pending"
    RUNNING = "running"
    STOPPED = "stopped"
    FAILED = "failed"
    GONE = "gone"


@frozen
class Instance:
    """One thing that a provider made for a token."""

    id: str
    token: str
    state: InstanceState
    endpoint: Endpoint = field(factory=Endpoint)
    host_keys: tuple[str, ...] = ()
    """OpenSSH public keys that the provider vouches for, those of a host CA with `@cert-authority ` before
    them; empty if it can't."""
    parts: tuple[Part, ...] = ()
    """What else must be destroyed with it."""
    detail: str = ""
    """For the user: what it is doing."""
    expected: datetime | None = None
    """When the provider thinks it will run; None if it doesn't say."""
    user: str | None = None
    """Account of it that may configure it; None if the provider doesn't know."""
    applied: tuple[str, ...] = ()
    """Digests of what configurers applied to it, as far as the provider keeps that and `get` was asked."""


@frozen
class ResourceSpec:
    """What to rent."""

    type: str
    hardware: Hardware
    image: str | None = None


@frozen
class Availability:
    """Whether something can be had; both None: nobody knows."""

    free: int | None = None
    """How many more of it could be had now; 0 for none; None if that is not known."""
    wait: timedelta | None = None
    """How long until one more may be had, where none is free; None if that is not known."""


class ProviderError(Exception):
    """A provider could not do what was asked; `code` is stable, the message is for administrators."""

    code: str = "provider_error"
    may_retry: ClassVar[bool] = False

    def __init__(self, message: str = "", *, words: str = "") -> None:
        super().__init__(message)
        self.words = words
        """For the user, without secrets; empty: what is generally said for the code."""


class NotFound(ProviderError):
    """What was named does not exist there."""

    code = "not_found"


class QuotaExceeded(ProviderError):
    """Our account there may not hold more."""

    code = "quota_exceeded"


class OutOfCapacity(ProviderError):
    """The provider has none left now."""

    code = "out_of_capacity"
    may_retry = True


class AuthFailed(ProviderError):
    """The provider does not accept our credentials."""

    code = "provider_auth_failed"


class NotTrusted(ProviderError):
    """A machine is not the one that is expected, or does not let us in; `code` says which."""

    def __init__(self, code: str, message: str, words: str) -> None:
        super().__init__(message, words=words)
        self.code = code


class InvalidSpec(ProviderError):
    """The provider does not offer this."""

    code = "invalid_spec"


class Unavailable(ProviderError):
    """The provider can't be reached or answers with an error of its own."""

    code = "provider_unavailable"
    may_retry = True


class Provider(Protocol):
    """Rents out resources; every call is bounded in time by the adapter and never blocks the event loop."""

    api: ClassVar[int]
    """Version of this port that the adapter was written for: 1."""
    allocates: ClassVar[bool]
    """False where the inner spawner itself allocates (a process, a container, a job): `ensure` is then
    never called, and `find` sees what the spawner made by the MARK."""
    settings_class: ClassVar[type]
    """An attrs class of the provider's settings; all with defaults or validated by attrs."""
    types: ClassVar[tuple[str, ...]]
    """Resource types that it can give."""

    async def ensure(self, token: str, spec: ResourceSpec) -> Instance:
        """Rent what `spec` says, marked with `token`; the one that exists if there is one already.

        Safe to repeat. Raises QuotaExceeded, OutOfCapacity, AuthFailed, InvalidSpec, Unavailable.
        """

    async def get(self, id: str) -> Instance:  # noqa: A002 - the provider's own word
        """What is known of one instance; raises NotFound, AuthFailed, Unavailable."""

    async def find(self, token: str) -> tuple[Instance, ...]:
        """All instances marked with `token` that are not gone, oldest first; () if there is none.

        More than one is possible: two drivers may overlap for a moment. Raises AuthFailed, Unavailable.
        """

    async def list_owned(self, owner: str) -> tuple[Instance, ...]:
        """All instances whose token begins with `owner-`, not gone. Raises AuthFailed, Unavailable."""

    async def destroy(self, id: str) -> None:  # noqa: A002
        """Destroy one instance and its parts, by id; returns when the provider says gone.

        Gone already is success: safe to repeat. Raises AuthFailed, Unavailable.
        """

    def limits(self) -> tuple[Amount, ...]:
        """What sessions may hold here together, by the settings; () for no limit."""


@runtime_checkable
class Pooled(Protocol):
    """What a provider may be besides: machines that are given out one by one, each within its own limits.

    The log says what is taken of each; the provider is asked only for the machine that was chosen.
    """

    def members(self) -> tuple[Member, ...]:
        """All machines of the settings, in their order."""

    def member(self, name: str) -> Provider:
        """One machine as a provider of its own. Raises ProviderMissing when it has left the settings."""

    async def out_of_order(self, names: Collection[str]) -> Mapping[str, str]:
        """Those of the named machines that can't be used now, each with why, for administrators.

        Asked before each start: answer within three seconds, from what was seen a moment ago if need be.
        """


@runtime_checkable
class Available(Protocol):
    """What a provider may do besides: say what it has left."""

    async def availability(self, spec: ResourceSpec) -> Availability:
        """How many more of `spec` it could give now, or how long that takes; no promise.

        Asked when a page is shown: answer within a second, from what is known if need be. Raises InvalidSpec
        for what it never gives, AuthFailed, Unavailable.
        """
