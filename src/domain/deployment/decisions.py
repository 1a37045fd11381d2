"""Which facts follow from a command to a deployment."""

from ..refusals import OutOfOrder
from ..values import Failure, Retry
from . import commands as c
from . import events as e
from .state import Deployment
from .state import DeploymentPhase as Phase

Facts = tuple[e.DeploymentFact, ...]

_BEFORE_SPAWNER = (Phase.PLANNED, Phase.PREPARED, Phase.CONFIGURED)


def decide(command: c.DeploymentCommand, state: Deployment) -> Facts:
    """Facts that follow; none when it is already so; a refusal when it does not fit."""
    match command:
        case c.PlanDeployment():
            return _plan(command, state)
        case c.BeginAuthenticator() | c.RecordAuthenticatorPrepared() | c.RecordAuthenticatorFailed():
            return _authenticate(command, state)
        case c.BeginConfigurer() | c.RecordConfigurerApplied() | c.RecordConfigurerFailed():
            return _configure(command, state)
        case c.BeginSpawner() | c.RecordSpawnerState() | c.RecordSpawnerStarted() | c.RecordSpawnerFailed():
            return _start(command, state)
        case c.RecordWithdrawn() | c.RecordWithdrawFailed():
            return _withdraw(command, state)
        case _:
            return _stop(command, state)


def _require(command: c.DeploymentCommand, state: Deployment, *phases: Phase) -> None:
    if state.phase not in phases:
        raise OutOfOrder(type(command).__name__, state.phase)


def _plan(command: c.PlanDeployment, state: Deployment) -> Facts:
    if state.phase is not Phase.NEW and state.session == command.session:
        return ()
    _require(command, state, Phase.NEW)
    return (
        e.DeploymentPlanned(
            command.session,
            command.resource,
            command.template,
            command.entry,
            command.spawner_class,
            command.spawner_digest,
            command.authenticator,
            command.configurer,
        ),
    )


def _authenticate(
    command: c.BeginAuthenticator | c.RecordAuthenticatorPrepared | c.RecordAuthenticatorFailed,
    state: Deployment,
) -> Facts:
    match command:
        case c.BeginAuthenticator():
            if state.phase is Phase.PREPARING:
                return ()
            _require(command, state, Phase.PLANNED)
            return (e.AuthenticatorPreparing(),)
        case c.RecordAuthenticatorPrepared(fingerprint, serial, until, host_key):
            if state.phase is Phase.PREPARED:
                return ()
            _require(command, state, Phase.PREPARING)
            return (e.AuthenticatorPrepared(fingerprint, serial, until, host_key),)
        case c.RecordAuthenticatorFailed(code, message):
            if state.failure == Failure("authenticate", code, message):
                return ()
            _require(command, state, Phase.PREPARING)
            return (e.AuthenticatorFailed(code, message),)


def _configure(
    command: c.BeginConfigurer | c.RecordConfigurerApplied | c.RecordConfigurerFailed, state: Deployment
) -> Facts:
    match command:
        case c.BeginConfigurer():
            if state.phase is Phase.CONFIGURING:
                return ()
            _require(command, state, Phase.PLANNED, Phase.PREPARED)
            return (e.ConfigurerStarting(),)
        case c.RecordConfigurerApplied(digest):
            if state.phase is Phase.CONFIGURED:
                return ()
            _require(command, state, Phase.CONFIGURING)
            return (e.ConfigurerApplied(digest),)
        case c.RecordConfigurerFailed(code, message, task, host):
            if state.failure == Failure("configure", code, message):
                return ()
            _require(command, state, Phase.CONFIGURING)
            return (e.ConfigurerFailed(code, message, task, host),)


def _start(
    command: c.BeginSpawner | c.RecordSpawnerState | c.RecordSpawnerStarted | c.RecordSpawnerFailed,
    state: Deployment,
) -> Facts:
    match command:
        case c.BeginSpawner():
            if state.phase is Phase.STARTING:
                return ()
            _require(command, state, *_BEFORE_SPAWNER)
            return (e.SpawnerStarting(),)
        case c.RecordSpawnerState(digest):
            if state.state_digest == digest:
                return ()
            _require(command, state, Phase.STARTING, Phase.RUNNING, Phase.STOPPING)
            return (e.SpawnerStateChanged(digest),)
        case c.RecordSpawnerStarted(address):
            if state.phase is Phase.RUNNING and state.address == address:
                return ()
            _require(command, state, Phase.STARTING)
            return (e.SpawnerStarted(address),)
        case c.RecordSpawnerFailed(code, message):
            if state.failure == Failure("start", code, message):
                return ()
            _require(command, state, Phase.STARTING)
            return (e.SpawnerFailed(code, message),)


def _stop(
    command: c.BeginStop | c.RecordSpawnerStopFailed | c.RecordSpawnerStopped | c.RecordSpawnerExited,
    state: Deployment,
) -> Facts:
    if state.phase in (Phase.GONE, Phase.WITHDRAWN):
        return ()
    if not state.has_notebook:
        raise OutOfOrder(type(command).__name__, state.phase)
    match command:
        case c.BeginStop():
            return () if state.phase is Phase.STOPPING else (e.SpawnerStopping(),)
        case c.RecordSpawnerStopFailed(attempt, not_before, code):
            _require(command, state, Phase.STOPPING)
            same = state.stop_retry == Retry(attempt, not_before)
            return () if same else (e.SpawnerStopFailed(attempt, not_before, code),)
        case c.RecordSpawnerStopped(status):
            _require(command, state, Phase.STOPPING)
            return (e.SpawnerStopped(status),)
        case c.RecordSpawnerExited(status):
            return (e.SpawnerExited(status),)


def _withdraw(command: c.RecordWithdrawn | c.RecordWithdrawFailed, state: Deployment) -> Facts:
    if state.phase is Phase.WITHDRAWN:
        return ()
    if state.phase is Phase.NEW or state.has_notebook:
        raise OutOfOrder(type(command).__name__, state.phase)
    if isinstance(command, c.RecordWithdrawn):
        return (e.DeploymentWithdrawn(),)
    same = state.withdraw_retry == Retry(command.attempt, command.not_before)
    return () if same else (e.DeploymentWithdrawFailed(command.attempt, command.not_before, command.code),)
