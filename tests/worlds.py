"""Worlds for tests: a session placed on a resource, and effects that succeed or fail."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from multiplespawner.domain import deployment as d
from multiplespawner.domain import resource as r
from multiplespawner.domain import session as s
from multiplespawner.domain.plan import backoff, consequences, next_step, release_done
from multiplespawner.domain.steps import (
    Allocate,
    Authenticate,
    AwaitProvisioned,
    Configure,
    Do,
    Record,
    Release,
    StartSpawner,
    Step,
    StopSpawner,
    WaitUntil,
    Withdraw,
    intent,
)
from multiplespawner.domain.values import Endpoint, Hardware, Selection, ServerId
from multiplespawner.domain.world import Command, World, decide

NOW = datetime(2026, 1, 1, tzinfo=UTC)
NEW = World("r1", "s1", "d1")
REQUEST = s.RequestSession(ServerId("hub", 1, 1), Selection("local/Local/machine"), "digest")
PLACE = s.PlaceSession("r1", "d1")


def rent(allocation: str = "spawner", allowances: tuple[str, ...] = ()) -> r.RequestResource:
    """The intent to rent a bare metal resource."""
    return r.RequestResource(
        "local", "bare_metal", Hardware(), None, "owner-r1", allocation, "s1", allowances
    )


def plan(authenticator: str | None = None, configurer: str | None = None) -> d.PlanDeployment:
    """How its notebook will run."""
    return d.PlanDeployment("s1", "r1", "Local", "machine", "a.Spawner", "digest", authenticator, configurer)


def world(*commands: Command, start: World = NEW) -> World:
    """The world after commands, none of which may be refused."""
    return decide(commands, start).world


def placed(allocation: str = "spawner", **components: str) -> World:
    """A session placed, nothing called yet."""
    return world(REQUEST, PLACE, rent(allocation), plan(**components))


def succeed(step: Step, before: World) -> tuple[Command, ...]:
    """What is reported when the step's call succeeds."""
    match step:
        case Allocate():
            return (r.RecordCreated("i-1"),)
        case AwaitProvisioned():
            return (r.RecordProvisioned(Endpoint("10.0.0.1", 22)),)
        case Authenticate():
            return (d.RecordAuthenticatorPrepared("SHA256:x"),)
        case Configure():
            return (d.RecordConfigurerApplied("digest"),)
        case StartSpawner():
            return (d.RecordSpawnerStarted("http://127.0.0.1:1"),)
        case StopSpawner():
            return (d.RecordSpawnerStopped(0),)
        case Withdraw():
            return (d.RecordWithdrawn(),)
        case Release():
            return release_done(before)
        case Record():
            return ()


def fail(step: Step, before: World, now: datetime) -> tuple[Command, ...]:
    """What is reported when the step's call fails once."""
    match step:
        case Allocate() | AwaitProvisioned():
            return (r.RecordProvisioningFailed("out_of_capacity", "Full.", 1, now + backoff(1)),)
        case Authenticate():
            return (d.RecordAuthenticatorFailed("refused", "Refused."),)
        case Configure():
            return (d.RecordConfigurerFailed("task_failed", "Failed."),)
        case StartSpawner():
            return (d.RecordSpawnerFailed("start_failed", "Failed."),)
        case StopSpawner():
            retry = before.deployment.stop_retry
            attempt = 1 + (retry.attempt if retry else 0)
            return (d.RecordSpawnerStopFailed(attempt, now + backoff(attempt), "stuck"),)
        case Withdraw():
            return (d.RecordWithdrawFailed(1, now + backoff(1), "down"),)
        case Release():
            return (r.RecordReleaseFailed(1, now + backoff(1), "down"),)
        case Record():
            return ()


def record(commands: Iterable[Command], before: World) -> World:
    """The world after commands and what follows from them, as the driver records them."""
    after = decide(commands, before).world
    return decide(consequences(after), after).world


def drive(before: World, steps: int, failures: Iterable[bool] = ()) -> tuple[World, list[Step]]:
    """Do what the plan asks for until it has nothing, at most `steps` times; the n-th effect may fail."""
    now, taken, outcomes = NOW, [], iter(failures)
    for _ in range(steps):
        match next_step(before, now):
            case Do(step):
                taken.append(step)
                before = record(intent(step), before)
                outcome = fail(step, before, now) if next(outcomes, False) else succeed(step, before)
                before = record((*step.commands, *outcome) if isinstance(step, Record) else outcome, before)
            case WaitUntil(time):
                now = max(time, now + timedelta(microseconds=1))
            case _:
                break
    return before, taken
