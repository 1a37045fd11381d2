"""What can happen to a deployment: putting one session's notebook on one resource, and taking it down."""

from datetime import datetime

from attrs import frozen


@frozen
class DeploymentPlanned:
    """It is known how the notebook will run; the resolved kwargs lie in the private store."""

    session: str
    resource: str
    template: str
    entry: str
    spawner_class: str
    spawner_digest: str
    """SHA-256 of the inner spawner's resolved kwargs."""
    authenticator: str | None = None
    """SHA-256 of the authenticator's settings; None means that there is none."""
    configurer: str | None = None
    """SHA-256 of playbook, roles, variables and version; None means that there is none."""


@frozen
class AuthenticatorPreparing:
    """Credentials are about to be made."""


@frozen
class AuthenticatorPrepared:
    """Credentials exist; they lie in the private store."""

    fingerprint: str
    serial: int | None = None
    until: datetime | None = None
    """End of the certificate."""
    host_key: str | None = None


@frozen
class AuthenticatorFailed:
    """The resource could not be made trustworthy."""

    code: str
    message: str


@frozen
class ConfigurerStarting:
    """The resource is about to be changed."""


@frozen
class ConfigurerApplied:
    """The resource is set up."""

    digest: str


@frozen
class ConfigurerFailed:
    """A task failed."""

    code: str
    message: str
    task: str | None = None
    host: str | None = None


@frozen
class SpawnerStarting:
    """The inner spawner's `start` is about to be called."""


@frozen
class SpawnerStateChanged:
    """The inner spawner's state changed; it lies in the private store."""

    digest: str


@frozen
class SpawnerStarted:
    """The notebook runs."""

    address: str


@frozen
class SpawnerFailed:
    """The inner spawner's `start` failed; something of it may still run."""

    code: str
    message: str


@frozen
class SpawnerStopping:
    """The notebook is about to be stopped."""


@frozen
class SpawnerStopFailed:
    """Stopping did not work and is tried again."""

    attempt: int
    not_before: datetime
    code: str


@frozen
class SpawnerStopped:
    """The notebook is gone because we stopped it."""

    status: int


@frozen
class SpawnerExited:
    """The notebook is gone by itself."""

    status: int


@frozen
class DeploymentWithdrawn:
    """Its credentials are destroyed."""


@frozen
class DeploymentWithdrawFailed:
    """Destroying its credentials did not work and is tried again."""

    attempt: int
    not_before: datetime
    code: str


DeploymentFact = (
    DeploymentPlanned
    | AuthenticatorPreparing
    | AuthenticatorPrepared
    | AuthenticatorFailed
    | ConfigurerStarting
    | ConfigurerApplied
    | ConfigurerFailed
    | SpawnerStarting
    | SpawnerStateChanged
    | SpawnerStarted
    | SpawnerFailed
    | SpawnerStopping
    | SpawnerStopFailed
    | SpawnerStopped
    | SpawnerExited
    | DeploymentWithdrawn
    | DeploymentWithdrawFailed
)
