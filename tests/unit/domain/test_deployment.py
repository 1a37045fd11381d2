"""Deployment: putting one session's notebook on one resource, and taking it down."""

from datetime import UTC, datetime

import pytest

from deciding import Decider
from multiplespawner.domain import deployment as d
from multiplespawner.domain.refusals import OutOfOrder

DEPLOYMENT = Decider(d.decide, d.evolve, d.Deployment)
LATER = datetime(2026, 1, 1, tzinfo=UTC)
PLAN = d.PlanDeployment("s1", "r1", "Local", "machine", "a.Spawner", "digest", "auth", "conf")
PLANNED = d.DeploymentPlanned("s1", "r1", "Local", "machine", "a.Spawner", "digest", "auth", "conf")
PREPARING, PREPARED = d.AuthenticatorPreparing(), d.AuthenticatorPrepared("SHA256:x", 1, LATER)
CONFIGURING, APPLIED = d.ConfigurerStarting(), d.ConfigurerApplied("digest")
STARTING, STARTED = d.SpawnerStarting(), d.SpawnerStarted("http://127.0.0.1:1")
STOPPING, STOPPED = d.SpawnerStopping(), d.SpawnerStopped(0)
FAILED = d.SpawnerFailed("no_port", "No port.")
WITHDRAWN = d.DeploymentWithdrawn()
RUNNING = (PLANNED, STARTING, STARTED)


@pytest.mark.parametrize(
    ("facts", "command", "expected"),
    [
        ((), PLAN, (PLANNED,)),
        ((PLANNED,), PLAN, ()),
        ((PLANNED,), d.BeginAuthenticator(), (PREPARING,)),
        ((PLANNED, PREPARING), d.BeginAuthenticator(), ()),
        ((PLANNED, PREPARING), d.RecordAuthenticatorPrepared("SHA256:x", 1, LATER), (PREPARED,)),
        (
            (PLANNED, PREPARING),
            d.RecordAuthenticatorFailed("no", "No."),
            (d.AuthenticatorFailed("no", "No."),),
        ),
        (
            (PLANNED, PREPARING, d.AuthenticatorFailed("no", "No.")),
            d.RecordAuthenticatorFailed("no", "No."),
            (),
        ),
        ((PLANNED, PREPARING, PREPARED), d.BeginConfigurer(), (CONFIGURING,)),
        ((PLANNED, CONFIGURING), d.RecordConfigurerApplied("digest"), (APPLIED,)),
        (
            (PLANNED, CONFIGURING),
            d.RecordConfigurerFailed("task", "Failed.", "copy", "h1"),
            (d.ConfigurerFailed("task", "Failed.", "copy", "h1"),),
        ),
        ((PLANNED,), d.BeginSpawner(), (STARTING,)),
        ((PLANNED, CONFIGURING, APPLIED), d.BeginSpawner(), (STARTING,)),
        ((PLANNED, STARTING), d.BeginSpawner(), ()),
        ((PLANNED, STARTING), d.RecordSpawnerState("abc"), (d.SpawnerStateChanged("abc"),)),
        ((PLANNED, STARTING, d.SpawnerStateChanged("abc")), d.RecordSpawnerState("abc"), ()),
        ((PLANNED, STARTING), d.RecordSpawnerStarted("http://127.0.0.1:1"), (STARTED,)),
        ((PLANNED, STARTING), d.RecordSpawnerFailed("no_port", "No port."), (FAILED,)),
        ((PLANNED, STARTING, FAILED), d.RecordSpawnerFailed("no_port", "No port."), ()),
        (RUNNING, d.BeginStop(), (STOPPING,)),
        ((PLANNED, STARTING, FAILED), d.BeginStop(), (STOPPING,)),
        ((*RUNNING, STOPPING), d.BeginStop(), ()),
        ((*RUNNING, STOPPING), d.RecordSpawnerStopped(0), (STOPPED,)),
        (
            (*RUNNING, STOPPING),
            d.RecordSpawnerStopFailed(1, LATER, "stuck"),
            (d.SpawnerStopFailed(1, LATER, "stuck"),),
        ),
        (RUNNING, d.RecordSpawnerExited(3), (d.SpawnerExited(3),)),
        ((*RUNNING, STOPPING, STOPPED), d.RecordSpawnerExited(3), ()),
        ((*RUNNING, STOPPING, STOPPED), d.RecordWithdrawn(), (WITHDRAWN,)),
        ((PLANNED,), d.RecordWithdrawn(), (WITHDRAWN,)),
        ((PLANNED, WITHDRAWN), d.RecordWithdrawn(), ()),
        (
            (*RUNNING, STOPPING, STOPPED),
            d.RecordWithdrawFailed(1, LATER, "down"),
            (d.DeploymentWithdrawFailed(1, LATER, "down"),),
        ),
    ],
)
def test_what_follows(facts, command, expected) -> None:
    """Facts where something changes, none where it is already so."""
    assert DEPLOYMENT.given(*facts).when(command) == expected


@pytest.mark.parametrize(
    ("facts", "command"),
    [
        ((), d.BeginSpawner()),
        (RUNNING, d.BeginSpawner()),
        ((PLANNED,), d.RecordSpawnerStarted("http://127.0.0.1:1")),
        ((PLANNED, STARTING, FAILED), d.RecordSpawnerStarted("http://127.0.0.1:1")),
        ((PLANNED,), d.BeginStop()),
        (RUNNING, d.RecordSpawnerStopped(0)),
        ((PLANNED,), d.RecordConfigurerApplied("digest")),
        ((PLANNED,), d.RecordAuthenticatorPrepared("SHA256:x")),
        (RUNNING, d.RecordWithdrawn()),
        ((), d.RecordWithdrawn()),
        ((PLANNED,), d.RecordSpawnerState("abc")),
        ((PLANNED,), d.PlanDeployment("s2", "r1", "Local", "machine", "a.Spawner", "digest")),
    ],
)
def test_what_is_refused(facts, command) -> None:
    """What does not fit what has happened changes nothing; above all, nothing starts twice."""
    with pytest.raises(OutOfOrder):
        DEPLOYMENT.given(*facts).when(command)


@pytest.mark.parametrize(
    ("facts", "has_notebook"),
    [((PLANNED,), False), ((PLANNED, STARTING), True), ((PLANNED, STARTING, FAILED), True), (RUNNING, True)],
)
def test_from_the_intent_on_a_notebook_may_be_there(facts, has_notebook) -> None:
    """Also after a failed start: something of it may still run."""
    assert DEPLOYMENT.given(*facts).state.has_notebook is has_notebook
