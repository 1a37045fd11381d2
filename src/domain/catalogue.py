"""Every fact by its stored name; a name and its meaning never change."""

from . import allowance as a
from . import configuration as k
from . import deployment as d
from . import resource as r
from . import session as s

Fact = s.SessionFact | r.ResourceFact | d.DeploymentFact | a.AllowanceFact | k.ConfigurationFact

FACTS: dict[str, type[Fact]] = {
    "session.requested": s.SessionRequested,
    "session.placed": s.SessionPlaced,
    "session.started": s.SessionStarted,
    "session.expiry_set": s.SessionExpirySet,
    "session.stop_requested": s.SessionStopRequested,
    "session.ended": s.SessionEnded,
    "session.failed": s.SessionFailed,
    "resource.requested": r.ResourceRequested,
    "resource.created": r.ResourceCreated,
    "resource.provisioned": r.ResourceProvisioned,
    "resource.provisioning_failed": r.ResourceProvisioningFailed,
    "resource.configured": r.ResourceConfigured,
    "resource.kept": r.ResourceKept,
    "resource.claimed": r.ResourceClaimed,
    "resource.suspended": r.ResourceSuspended,
    "resource.resumed": r.ResourceResumed,
    "resource.release_requested": r.ResourceReleaseRequested,
    "resource.release_failed": r.ResourceReleaseFailed,
    "resource.released": r.ResourceReleased,
    "resource.lost": r.ResourceLost,
    "deployment.planned": d.DeploymentPlanned,
    "deployment.authenticator_preparing": d.AuthenticatorPreparing,
    "deployment.authenticator_prepared": d.AuthenticatorPrepared,
    "deployment.authenticator_failed": d.AuthenticatorFailed,
    "deployment.configurer_starting": d.ConfigurerStarting,
    "deployment.configurer_applied": d.ConfigurerApplied,
    "deployment.configurer_failed": d.ConfigurerFailed,
    "deployment.spawner_starting": d.SpawnerStarting,
    "deployment.spawner_state_changed": d.SpawnerStateChanged,
    "deployment.spawner_started": d.SpawnerStarted,
    "deployment.spawner_failed": d.SpawnerFailed,
    "deployment.spawner_stopping": d.SpawnerStopping,
    "deployment.spawner_stop_failed": d.SpawnerStopFailed,
    "deployment.spawner_stopped": d.SpawnerStopped,
    "deployment.spawner_exited": d.SpawnerExited,
    "deployment.withdrawn": d.DeploymentWithdrawn,
    "deployment.withdraw_failed": d.DeploymentWithdrawFailed,
    "allowance.reserved": a.AllowanceReserved,
    "allowance.returned": a.AllowanceReturned,
    "configuration.loaded": k.ConfigurationLoaded,
}

NAMES: dict[type[Fact], str] = {cls: name for name, cls in FACTS.items()}
