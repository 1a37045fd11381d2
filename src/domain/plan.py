"""The process manager: what is owed next for a resource, computed from what has happened."""

from datetime import datetime, timedelta

from . import allowance as a
from . import deployment as d
from . import resource as r
from . import session as s
from .deployment import DeploymentPhase
from .endings import ending, reason
from .resource import ResourcePhase
from .session import SessionPhase
from .steps import (
    Allocate,
    Authenticate,
    AwaitProvisioned,
    Configure,
    Do,
    Next,
    Nothing,
    Record,
    Release,
    StartSpawner,
    StopSpawner,
    WaitUntil,
    Withdraw,
)
from .values import Endpoint, Retry
from .world import Command, ForAllowance, World

STOP_ATTEMPTS = 3
"""Failed stops after which the inner spawner is passed over."""

PROVISION_ATTEMPTS = 5
"""Failed attempts to provision after which the session fails."""

_LONGEST_WAIT = timedelta(minutes=5)


def backoff(attempt: int) -> timedelta:
    """Time to wait after the n-th failed attempt (from 1): 1 s, doubled each time, at most 5 minutes."""
    return min(timedelta(seconds=2 ** min(attempt - 1, 16)), _LONGEST_WAIT)


def next_step(world: World, now: datetime) -> Next:
    """What is owed next; pure and total: every reachable world has an answer."""
    if not world.resource.is_open:
        return Nothing()
    if due := consequences(world):
        return Do(Record(due))
    if _must_end(world):
        return _backward(world, now)
    if world.resource.phase is ResourcePhase.KEPT:
        return _keep(world, now)
    if world.session.phase is SessionPhase.RUNNING:
        return _run(world, now)
    if world.session.phase is SessionPhase.PLACED and world.deployment.is_open:
        return _forward(world, now)
    return Nothing()


def consequences(world: World) -> tuple[Command, ...]:
    """Commands that follow from what is known without any call; recorded together with it."""
    if not world.resource.is_open:
        return ()
    if _must_end(world):
        return () if world.deployment.has_notebook else _closing(world)
    if world.deployment.phase is DeploymentPhase.RUNNING and world.session.phase is SessionPhase.PLACED:
        started = (s.MarkSessionStarted(world.deployment.address or ""),)
        return (*started, *_provisioned_with_notebook(world))
    return ()


def after_takeover(world: World) -> tuple[Command, ...]:
    """What a new driver records first: a start whose process died can't go on (its token died as well)."""
    unfinished = world.session.is_active and world.session.phase is not SessionPhase.RUNNING
    if unfinished and world.session.stop is None:
        return (s.RequestStop("system", "interrupted"),)
    return ()


def release_done(world: World) -> tuple[Command, ...]:
    """What is recorded when the provider says gone: it counts no longer against what is shared."""
    returned = (ForAllowance(stream, a.Return(world.resource_id)) for stream in world.resource.allowances)
    return (r.RecordReleased(), *returned)


def _must_end(world: World) -> bool:
    if world.resource.phase is ResourcePhase.KEPT:
        return False
    return (
        world.session.stop is not None
        or not world.session.is_active
        or world.resource.is_beyond_use
        or world.deployment.is_ending
    )


def _closing(world: World) -> tuple[Command, ...]:
    session = (ending(world),) if world.session.is_active else ()
    deployment = (d.RecordWithdrawn(),) if _has_nothing_to_withdraw(world) else ()
    resource = () if world.resource.phase is ResourcePhase.RELEASING else (r.RequestRelease(reason(world)),)
    return (*session, *deployment, *resource)


def _has_nothing_to_withdraw(world: World) -> bool:
    deployment = world.deployment
    return deployment.is_open and not deployment.has_credentials


def _provisioned_with_notebook(world: World) -> tuple[Command, ...]:
    waiting = world.resource.phase in (ResourcePhase.REQUESTED, ResourcePhase.CREATED)
    return (r.RecordProvisioned(Endpoint()),) if waiting else ()


def _backward(world: World, now: datetime) -> Next:
    deployment = world.deployment
    if deployment.has_notebook:
        return _stop(world, now)
    if deployment.is_open:
        return _unless_too_early(deployment.withdraw_retry, now) or Do(Withdraw())
    return _unless_too_early(world.resource.release_retry, now) or Do(Release())


def _stop(world: World, now: datetime) -> Next:
    if world.resource.phase is ResourcePhase.LOST:
        return Do(Record((d.RecordSpawnerExited(1),)))
    retry = world.deployment.stop_retry
    by_force = retry is not None and retry.attempt >= STOP_ATTEMPTS
    at_once = world.session.stop is not None and world.session.stop.now
    return _unless_too_early(retry, now) or Do(StopSpawner(at_once, by_force))


def _keep(world: World, now: datetime) -> Next:
    until = world.resource.kept_until
    if until is not None and now < until:
        return WaitUntil(until)
    return Do(Record((r.RequestRelease("kept_long_enough"),)))


def _run(world: World, now: datetime) -> Next:
    deadline = world.session.deadline
    if deadline is None:
        return Nothing()
    return WaitUntil(deadline) if now < deadline else Do(Record((s.RequestStop("system", "expired"),)))


def _forward(world: World, now: datetime) -> Next:
    if world.resource.allocation == "provider":
        if world.resource.phase is ResourcePhase.REQUESTED:
            return _unless_too_early(world.resource.retry, now) or Do(Allocate())
        if world.resource.phase is ResourcePhase.CREATED:
            return _unless_too_early(world.resource.retry, now) or Do(AwaitProvisioned())
    return Do(_deploy(world.deployment, world.resource.configured))


def _deploy(
    deployment: d.Deployment, configured: str | None
) -> Authenticate | Configure | StartSpawner | Record:
    # what was applied to this resource already need not be applied again
    is_to_configure = deployment.configurer not in (None, configured)
    match deployment.phase:
        case DeploymentPhase.PLANNED if deployment.authenticator is not None:
            return Authenticate()
        case DeploymentPhase.PREPARING:
            return Authenticate()
        case DeploymentPhase.PLANNED | DeploymentPhase.PREPARED if is_to_configure:
            return Configure()
        case DeploymentPhase.CONFIGURING:
            return Configure()
        case DeploymentPhase.STARTING:
            # whoever began it did not tell how it went: starting twice is not safe
            return Record((d.RecordSpawnerFailed("interrupted", "Starting your server was interrupted."),))
        case _:
            return StartSpawner()


def _unless_too_early(retry: Retry | None, now: datetime) -> WaitUntil | None:
    return WaitUntil(retry.not_before) if retry is not None and now < retry.not_before else None
