"""Which facts follow from a command to a resource."""

from ..refusals import OutOfOrder
from ..values import Failure, Retry
from .commands import (
    ClaimResource,
    KeepResource,
    RecordConfigured,
    RecordCreated,
    RecordLost,
    RecordProvisioned,
    RecordProvisioningFailed,
    RecordReleased,
    RecordReleaseFailed,
    RecordResumed,
    RecordSuspended,
    RequestRelease,
    RequestResource,
    ResourceCommand,
)
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
from .state import IN_USE, Resource, ResourcePhase

Facts = tuple[ResourceFact, ...]
Phase = ResourcePhase


def decide(command: ResourceCommand, state: Resource) -> Facts:
    """Facts that follow; none when it is already so; a refusal when it does not fit."""
    match command:
        case RequestResource():
            return _request(command, state)
        case RecordCreated():
            return _created(command, state)
        case RecordProvisioned(endpoint, host_keys):
            if (state.endpoint, state.host_keys) == (endpoint, host_keys):
                return ()
            _require(command, state, Phase.REQUESTED, Phase.CREATED)
            return (ResourceProvisioned(endpoint, host_keys),)
        case RecordProvisioningFailed():
            return _provisioning_failed(command, state)
        case RecordConfigured(digest):
            if state.configured == digest:
                return ()
            _require(command, state, *IN_USE)
            return (ResourceConfigured(digest),)
        case KeepResource() | ClaimResource():
            return _keep_or_claim(command, state)
        case RecordSuspended() | RecordResumed():
            return _sleep_or_wake(command, state)
        case RequestRelease() | RecordReleaseFailed() | RecordReleased() | RecordLost():
            return _give_back(command, state)


def _require(command: ResourceCommand, state: Resource, *phases: Phase) -> None:
    if state.phase not in phases:
        raise OutOfOrder(type(command).__name__, state.phase)


def _request(command: RequestResource, state: Resource) -> Facts:
    if state.phase is not Phase.NEW and state.token == command.token:
        return ()
    _require(command, state, Phase.NEW)
    return (
        ResourceRequested(
            command.provider,
            command.type,
            command.hardware,
            command.image,
            command.token,
            command.allocation,
            command.session,
            command.allowances,
        ),
    )


def _created(command: RecordCreated, state: Resource) -> Facts:
    if command.id in state.ids and set(command.parts) <= set(state.parts):
        return ()
    # a late answer counts in every open phase: what it names must be destroyed
    if not state.is_open:
        raise OutOfOrder("RecordCreated", state.phase)
    return (ResourceCreated(command.id, command.parts),)


def _provisioning_failed(command: RecordProvisioningFailed, state: Resource) -> Facts:
    retry = None if command.not_before is None else Retry(command.attempt, command.not_before)
    failure = Failure("provision", command.code, command.message)
    if (state.failure, state.retry) == (failure, retry):
        return ()
    _require(command, state, Phase.REQUESTED, Phase.CREATED)
    return (ResourceProvisioningFailed(command.code, command.message, command.attempt, command.not_before),)


def _keep_or_claim(command: KeepResource | ClaimResource, state: Resource) -> Facts:
    if isinstance(command, KeepResource):
        if state.phase is Phase.KEPT and state.kept_until == command.until:
            return ()
        _require(command, state, Phase.PROVISIONED, Phase.SUSPENDED, Phase.KEPT)
        return (ResourceKept(command.until, command.user),)
    if state.session == command.session:
        return ()
    _require(command, state, Phase.KEPT)
    return (ResourceClaimed(command.session),)


def _sleep_or_wake(command: RecordSuspended | RecordResumed, state: Resource) -> Facts:
    before, after, fact = (
        (Phase.PROVISIONED, Phase.SUSPENDED, ResourceSuspended())
        if isinstance(command, RecordSuspended)
        else (Phase.SUSPENDED, Phase.PROVISIONED, ResourceResumed())
    )
    if state.phase is after:
        return ()
    _require(command, state, before)
    return (fact,)


def _give_back(
    command: RequestRelease | RecordReleaseFailed | RecordReleased | RecordLost, state: Resource
) -> Facts:
    if state.phase is Phase.NEW:
        raise OutOfOrder(type(command).__name__, state.phase)
    if state.phase is Phase.RELEASED:
        return ()
    match command:
        case RequestRelease(why):
            return () if state.phase is Phase.RELEASING else (ResourceReleaseRequested(why),)
        case RecordLost(code):
            return () if state.phase in (Phase.LOST, Phase.RELEASING) else (ResourceLost(code),)
        case RecordReleaseFailed(attempt, not_before, code):
            _require(command, state, Phase.RELEASING)
            same = state.release_retry == Retry(attempt, not_before)
            return () if same else (ResourceReleaseFailed(attempt, not_before, code),)
        case RecordReleased():
            _require(command, state, Phase.RELEASING)
            return (ResourceReleased(),)
