"""What can be asked of a deployment, or reported about it."""

from datetime import datetime

from attrs import frozen


@frozen
class PlanDeployment:
    """Say how the notebook will run."""

    session: str
    resource: str
    template: str
    entry: str
    spawner_class: str
    spawner_digest: str
    authenticator: str | None = None
    configurer: str | None = None


@frozen
class BeginAuthenticator:
    """Intend to make credentials."""


@frozen
class RecordAuthenticatorPrepared:
    """Credentials were made."""

    fingerprint: str
    serial: int | None = None
    until: datetime | None = None
    host_key: str | None = None


@frozen
class RecordAuthenticatorFailed:
    """They could not be made."""

    code: str
    message: str


@frozen
class BeginConfigurer:
    """Intend to change the resource."""


@frozen
class RecordConfigurerApplied:
    """The resource was set up."""

    digest: str


@frozen
class RecordConfigurerFailed:
    """A task failed."""

    code: str
    message: str
    task: str | None = None
    host: str | None = None


@frozen
class BeginSpawner:
    """Intend to start the notebook."""


@frozen
class RecordSpawnerState:
    """The inner spawner's state, by its digest."""

    digest: str


@frozen
class RecordSpawnerStarted:
    """The notebook runs."""

    address: str


@frozen
class RecordSpawnerFailed:
    """`start` failed."""

    code: str
    message: str


@frozen
class BeginStop:
    """Intend to stop the notebook."""


@frozen
class RecordSpawnerStopFailed:
    """`stop` failed."""

    attempt: int
    not_before: datetime
    code: str


@frozen
class RecordSpawnerStopped:
    """The notebook is gone because we stopped it."""

    status: int


@frozen
class RecordSpawnerExited:
    """The notebook is gone by itself."""

    status: int


@frozen
class RecordWithdrawn:
    """The credentials are destroyed."""


@frozen
class RecordWithdrawFailed:
    """Destroying the credentials failed."""

    attempt: int
    not_before: datetime
    code: str


DeploymentCommand = (
    PlanDeployment
    | BeginAuthenticator
    | RecordAuthenticatorPrepared
    | RecordAuthenticatorFailed
    | BeginConfigurer
    | RecordConfigurerApplied
    | RecordConfigurerFailed
    | BeginSpawner
    | RecordSpawnerState
    | RecordSpawnerStarted
    | RecordSpawnerFailed
    | BeginStop
    | RecordSpawnerStopFailed
    | RecordSpawnerStopped
    | RecordSpawnerExited
    | RecordWithdrawn
    | RecordWithdrawFailed
)
