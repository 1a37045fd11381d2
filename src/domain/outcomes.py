"""What is recorded when a step's call failed: whether, and when, it is made again."""

from datetime import datetime

from . import deployment as d
from . import resource as r
from .plan import PROVISION_ATTEMPTS, backoff
from .steps import (
    Allocate,
    Authenticate,
    AwaitProvisioned,
    Configure,
    Release,
    StartSpawner,
    Step,
    StopSpawner,
    Withdraw,
)
from .values import Failure, Retry
from .world import Command, World


def failed(
    step: Step, world: World, now: datetime, failure: Failure, *, may_retry: bool = False
) -> tuple[Command, ...]:
    """Commands that record the failure; what gives back is always tried again."""
    code, message = failure.code, failure.message
    match step:
        case Allocate() | AwaitProvisioned():
            return (_provisioning_failed(world, now, failure, may_retry),)
        case Authenticate():
            return (d.RecordAuthenticatorFailed(code, message),)
        case Configure():
            return (d.RecordConfigurerFailed(code, message, failure.task, failure.host),)
        case StartSpawner():
            return (d.RecordSpawnerFailed(code, message),)
        case StopSpawner():
            attempt = _next(world.deployment.stop_retry)
            return (d.RecordSpawnerStopFailed(attempt, now + backoff(attempt), code),)
        case Withdraw():
            attempt = _next(world.deployment.withdraw_retry)
            return (d.RecordWithdrawFailed(attempt, now + backoff(attempt), code),)
        case Release():
            attempt = _next(world.resource.release_retry)
            return (r.RecordReleaseFailed(attempt, now + backoff(attempt), code),)
        case _:
            return ()


def _next(retry: Retry | None) -> int:
    return 1 if retry is None else retry.attempt + 1


def _provisioning_failed(
    world: World, now: datetime, failure: Failure, may_retry: bool
) -> r.RecordProvisioningFailed:
    attempt = _next(world.resource.retry)
    again = may_retry and attempt < PROVISION_ATTEMPTS
    not_before = now + backoff(attempt) if again else None
    return r.RecordProvisioningFailed(failure.code, failure.message, attempt, not_before)
