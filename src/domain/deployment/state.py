"""What a deployment is, as its facts tell it."""

from enum import StrEnum

from attrs import evolve as change
from attrs import frozen

from ..values import Failure, Retry
from .events import (
    AuthenticatorFailed,
    AuthenticatorPrepared,
    AuthenticatorPreparing,
    ConfigurerApplied,
    ConfigurerFailed,
    ConfigurerStarting,
    DeploymentFact,
    DeploymentPlanned,
    DeploymentWithdrawFailed,
    DeploymentWithdrawn,
    SpawnerExited,
    SpawnerFailed,
    SpawnerStarted,
    SpawnerStarting,
    SpawnerStateChanged,
    SpawnerStopFailed,
    SpawnerStopped,
    SpawnerStopping,
)


class DeploymentPhase(StrEnum):
    """Where a deployment is in its life."""

    NEW = "new"
    PLANNED = "planned"
    PREPARING = "preparing"
    PREPARED = "prepared"
    CONFIGURING = "configuring"
    CONFIGURED = "configured"
    STARTING = "starting"
    RUNNING = "running"
    STOPPING = "stopping"
    FAILED = "failed"
    GONE = "gone"
    WITHDRAWN = "withdrawn"


@frozen
class Deployment:
    """One session's notebook on one resource."""

    phase: DeploymentPhase = DeploymentPhase.NEW
    session: str = ""
    resource: str = ""
    template: str = ""
    entry: str = ""
    spawner_class: str = ""
    spawner_digest: str = ""
    authenticator: str | None = None
    configurer: str | None = None
    has_notebook: bool = False
    """Whether anything that the inner spawner started may still be there."""
    has_credentials: bool = False
    """Whether credentials may exist."""
    state_digest: str | None = None
    address: str | None = None
    status: int | None = None
    failure: Failure | None = None
    stop_retry: Retry | None = None
    withdraw_retry: Retry | None = None

    @property
    def is_open(self) -> bool:
        """Whether something of it may still have to be taken down."""
        return self.phase not in (DeploymentPhase.NEW, DeploymentPhase.WITHDRAWN)

    @property
    def is_ending(self) -> bool:
        """Whether it can only be taken down any more."""
        return self.phase in (
            DeploymentPhase.STOPPING,
            DeploymentPhase.FAILED,
            DeploymentPhase.GONE,
            DeploymentPhase.WITHDRAWN,
        )


_SIMPLE: dict[type, DeploymentPhase] = {
    ConfigurerStarting: DeploymentPhase.CONFIGURING,
    ConfigurerApplied: DeploymentPhase.CONFIGURED,
    AuthenticatorPrepared: DeploymentPhase.PREPARED,
    SpawnerStopping: DeploymentPhase.STOPPING,
}


def evolve(state: Deployment, fact: DeploymentFact) -> Deployment:
    """The deployment after one more fact."""
    match fact:
        case DeploymentPlanned(session, resource, template, entry, cls, digest, authenticator, configurer):
            planned = DeploymentPhase.PLANNED
            return Deployment(
                planned, session, resource, template, entry, cls, digest, authenticator, configurer
            )
        case ConfigurerStarting() | ConfigurerApplied() | AuthenticatorPrepared() | SpawnerStopping():
            return change(state, phase=_SIMPLE[type(fact)])
        case AuthenticatorPreparing():
            return change(state, phase=DeploymentPhase.PREPARING, has_credentials=True)
        case AuthenticatorFailed(code, message):
            return _failed(state, Failure("authenticate", code, message))
        case ConfigurerFailed(code, message):
            return _failed(state, Failure("configure", code, message))
        case SpawnerFailed(code, message):
            return _failed(state, Failure("start", code, message))
        case SpawnerStarting():
            return change(state, phase=DeploymentPhase.STARTING, has_notebook=True)
        case SpawnerStateChanged(digest):
            return change(state, state_digest=digest)
        case SpawnerStarted(address):
            return change(state, phase=DeploymentPhase.RUNNING, address=address)
        case SpawnerStopFailed(attempt, not_before):
            return change(state, stop_retry=Retry(attempt, not_before))
        case SpawnerStopped(status) | SpawnerExited(status):
            return change(state, phase=DeploymentPhase.GONE, has_notebook=False, status=status)
        case DeploymentWithdrawn():
            return change(state, phase=DeploymentPhase.WITHDRAWN, has_credentials=False)
        case DeploymentWithdrawFailed(attempt, not_before):
            return change(state, withdraw_retry=Retry(attempt, not_before))


def _failed(state: Deployment, failure: Failure) -> Deployment:
    return change(state, phase=DeploymentPhase.FAILED, failure=failure)
