"""Why a notebook could not be started, reached or stopped on a host, in words for its user."""

from collections.abc import Mapping
from typing import Any

from jupyterhub.spawner import SpawnException

from ..adapters.outbound.ssh import SshFailed

TEXTS: Mapping[str, str] = {
    "no_python": "The host {host} has no Python 3.6 or later ({why}). An administrator must install "
    "python3 there, or put its folder into SSHSpawner.path.",
    "account_unusable": "The account {user!r} of the host {host} can't run anything: {why}. An "
    "administrator must give it a login shell and a home.",
    "folder_unusable": "The notebook's folder can't be made on the host {host}: {why}. Check the home of the "
    "account {user!r}: that it is there, and has room.",
    "folder_unsafe": "The notebook was not started on the host {host}: {why}. An administrator must take "
    "that right away, or set SSHSpawner.resource_path to another folder.",
    "command_missing": "The host {host} does not have the notebook's program: {why}. An administrator must "
    "install it there, or put its folder into SSHSpawner.path.",
    "command_failed": "The notebook's program can't be run on the host {host}: {why}.",
    "port_taken": "The notebook could not get its port on the host {host}: {why}. Please start it again.",
    "notebook_ended": "The notebook ended on the host {host} while it was starting (exit status {why}). The "
    "hub's log has its last lines.",
    "forwarding_refused": "The host {host} lets us in, but not through to the notebook: {why}. In its "
    "sshd_config, AllowTcpForwarding and AllowStreamLocalForwarding must be on for the account {user!r}.",
    "start_cancelled": "The notebook was stopped while it was starting.",
    "start_timeout": "The notebook did not answer in time on the host {host}.",
    "connection_lost": "The connection to the host {host} was lost: {why}. Please try again.",
    "still_running": "The notebook on the host {host} could not be ended: {why} of its processes stay.",
    "host_missing": "No host is set for notebooks: SSHSpawner.remote_hosts is empty. Please tell an "
    "administrator.",
    "account_refused": "No notebook is started for the account {user!r}. Please tell an administrator.",
    "setting_unusable": "The notebook's settings can't be used: {why}. Please tell an administrator.",
}
"""By code; `why` comes from the host, from a setting or from a library."""


class NotOnHost(SpawnException):  # type: ignore[misc]
    """A notebook was not started, reached or stopped; `code` is stable, `jupyterhub_message` for its user."""

    def __init__(self, code: str, message: str, *, log_message: str | None = None) -> None:
        more = {"log_message": log_message} if log_message else {}
        super().__init__(message, reason=code, status_code=503, **more)
        self.code = code
        self.jupyterhub_message = message

    def __str__(self) -> str:
        return f"{self.code}: {self.jupyterhub_message}"


def failure(code: str, *, host: str = "", user: str = "", why: Any = "", log: str = "") -> NotOnHost:
    """The error with this code; `log` is for administrators only."""
    message = TEXTS[code].format(host=host, user=user, why=why)
    return NotOnHost(code, message, log_message=f"{message}\n{log}" if log else None)


def of_ssh(error: Exception) -> NotOnHost:
    """The error for what an attempt to get in raised: SshFailed, or a failure of whoever gives access."""
    if isinstance(error, NotOnHost):
        return error
    code, message = getattr(error, "code", None), getattr(error, "message", None)
    if isinstance(error, SshFailed) or (isinstance(code, str) and isinstance(message, str)):
        return NotOnHost(str(code), str(message))
    kind = type(error).__name__
    return NotOnHost("no_access", f"The host could not be entered ({kind}). Please tell an administrator.")
