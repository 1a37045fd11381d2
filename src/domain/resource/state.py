"""What a resource is, as its facts tell it."""

from datetime import datetime
from enum import StrEnum

from attrs import evolve as change
from attrs import field, frozen

from ..values import Endpoint, Failure, Hardware, Part, Retry
from .events import (
    ResourceClaimed,
    ResourceConfigured,
    ResourceCreated,
    ResourceFact,
    ResourceKept,
    ResourceLost,
    ResourceProvisioned,
    ResourceProvisioningFailed,
    ResourceReleased,
    ResourceReleaseFailed,
    ResourceReleaseRequested,
    ResourceRequested,
    ResourceResumed,
    ResourceSuspended,
)


class ResourcePhase(StrEnum):
    """Where a resource is in its life."""

    NEW = "new"
    REQUESTED = "requested"
    CREATED = "created"
    PROVISIONED = "provisioned"
    SUSPENDED = "suspended"
    KEPT = "kept"
    LOST = "lost"
    RELEASING = "releasing"
    RELEASED = "released"


IN_USE = (
    ResourcePhase.REQUESTED,
    ResourcePhase.CREATED,
    ResourcePhase.PROVISIONED,
    ResourcePhase.SUSPENDED,
)


@frozen
class Resource:
    """One thing held at a provider."""

    phase: ResourcePhase = ResourcePhase.NEW
    provider: str = ""
    type: str = ""
    hardware: Hardware = field(factory=Hardware)
    image: str | None = None
    token: str = ""
    allocation: str = ""
    allowances: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    """All that the provider ever made for it, oldest first."""
    parts: tuple[Part, ...] = ()
    endpoint: Endpoint | None = None
    host_keys: tuple[str, ...] = ()
    failure: Failure | None = None
    """The last failed attempt to provision it."""
    retry: Retry | None = None
    configured: str | None = None
    kept_until: datetime | None = None
    session: str | None = None
    release_retry: Retry | None = None

    @property
    def is_open(self) -> bool:
        """Whether we may still hold it."""
        return self.phase not in (ResourcePhase.NEW, ResourcePhase.RELEASED)

    @property
    def is_beyond_use(self) -> bool:
        """Whether no session can use it any more."""
        return self.phase not in (*IN_USE, ResourcePhase.KEPT) or (
            self.failure is not None and self.retry is None
        )


def evolve(state: Resource, fact: ResourceFact) -> Resource:
    """The resource after one more fact."""
    match fact:
        case ResourceRequested(provider, type_, hardware, image, token, allocation, session, allowances):
            return Resource(
                ResourcePhase.REQUESTED,
                provider,
                type_,
                hardware,
                image,
                token,
                allocation,
                allowances,
                session=session,
            )
        case ResourceCreated(id_, parts):
            return _created(state, id_, parts)
        case ResourceProvisioned(endpoint, host_keys):
            return change(
                state, phase=ResourcePhase.PROVISIONED, endpoint=endpoint, host_keys=host_keys, retry=None
            )
        case ResourceProvisioningFailed(code, message, attempt, not_before):
            retry = None if not_before is None else Retry(attempt, not_before)
            return change(state, failure=Failure("provision", code, message), retry=retry)
        case ResourceConfigured(digest):
            return change(state, configured=digest)
        case ResourceKept(until, _):
            return change(state, phase=ResourcePhase.KEPT, kept_until=until, session=None)
        case ResourceClaimed(session):
            return change(state, phase=ResourcePhase.PROVISIONED, kept_until=None, session=session)
        case ResourceSuspended():
            return change(state, phase=ResourcePhase.SUSPENDED)
        case ResourceResumed():
            return change(state, phase=ResourcePhase.PROVISIONED)
        case ResourceReleaseRequested():
            return change(state, phase=ResourcePhase.RELEASING)
        case ResourceReleaseFailed(attempt, not_before):
            return change(state, release_retry=Retry(attempt, not_before))
        case ResourceReleased():
            return change(state, phase=ResourcePhase.RELEASED)
        case ResourceLost():
            return change(state, phase=ResourcePhase.LOST)


def _created(state: Resource, id_: str, parts: tuple[Part, ...]) -> Resource:
    first = state.phase is ResourcePhase.REQUESTED
    return change(
        state,
        phase=ResourcePhase.CREATED if first else state.phase,
        ids=(*state.ids, id_),
        parts=tuple(dict.fromkeys((*state.parts, *parts))),
        failure=None,
        retry=None,
    )
