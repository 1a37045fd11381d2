"""What to do after a start that did not succeed, by the code of what went wrong."""

from collections.abc import Mapping

from jupyterhub.spawner import SpawnException

_AGAIN = "Start it again."
_LATER = "Wait a few minutes and start it again, or choose another offer."
_OTHER = "Choose another offer, and tell your administrator."
_SHOW = "Show this to your administrator, or choose another offer."
_FASTER = "Start it again: a second start is often faster. If it is not, tell your administrator."
_TELL = "Start it again. If that fails too, tell your administrator."

DEFAULT = _TELL

_OF_MACHINES: Mapping[str, str] = {
    "account_refused": _SHOW,
    "account_unusable": _SHOW,
    "ansible_missing": _SHOW,
    "authenticator_missing": _OTHER,
    "ca_not_trusted": _SHOW,
    "certificate_expired": _SHOW,
    "certificate_revoked": _SHOW,
    "command_failed": _SHOW,
    "command_missing": _SHOW,
    "configurer_missing": _OTHER,
    "connection_lost": _TELL,
    "credentials_missing": _AGAIN,
    "folder_unsafe": _SHOW,
    "folder_unusable": "If your home on that machine is full, make room there. Else show this to your "
    "administrator, or choose another offer.",
    "forwarding_refused": _SHOW,
    "host_key_mismatch": _SHOW,
    "host_key_unknown": _SHOW,
    "host_missing": _OTHER,
    "host_unreachable": _LATER,
    "hub_unusable": _SHOW,
    "key_unusable": _SHOW,
    "login_refused": _SHOW,
    "name_not_usable": _OTHER,
    "no_access": _OTHER,
    "no_address": _OTHER,
    "no_authenticator": _OTHER,
    "no_python": _SHOW,
    "notebook_ended": _TELL,
    "playbook_broken": _OTHER,
    "playbook_missing": _OTHER,
    "port_taken": _AGAIN,
    "principal_refused": "Ask your administrator for an account on that machine, or choose another offer.",
    "python_missing": _OTHER,
    "python_too_old": _OTHER,
    "setting_unusable": _SHOW,
    "ssh_missing": _SHOW,
    "start_timeout": _FASTER,
    "still_running": _LATER,
    "task_failed": _TELL,
    "time_limit": _FASTER,
}
"""Of entering a machine, of setting it up and of what runs there."""

ADVICE: Mapping[str, str] = {
    **_OF_MACHINES,
    "account_not_possible": _OTHER,
    "account_reserved": _OTHER,
    "document_missing": _AGAIN,
    "exited": _TELL,
    "inner_bad_address": _OTHER,
    "inner_given_up": _AGAIN,
    "inner_no_address": _OTHER,
    "inner_not_made": _OTHER,
    "inner_refused": "Do what it says, or choose something else and start again.",
    "inner_settings": _OTHER,
    "inner_start_failed": _TELL,
    "inner_timeout": _FASTER,
    "internal_error": _TELL,
    "interrupted": "Start it again. Nothing of the interrupted start is left running.",
    "invalid_spec": "Choose other hardware or another offer.",
    "log_not_trusted": "Tell your administrator: the hub can't start anything until that is seen to.",
    "never_answered": _TELL,
    "no_machine_fits": "Choose other hardware or another offer.",
    "no_machine_usable": _LATER,
    "out_of_capacity": _LATER,
    "pool_full": _LATER,
    "provider_auth_failed": _OTHER,
    "provider_failed": _LATER,
    "provider_missing": _OTHER,
    "provider_unavailable": _LATER,
    "quota_exceeded": "Stop servers that you don't need, or choose another offer. "
    "Your administrator can say how much there is for you.",
    "resource_lost": _AGAIN,
    "spawner_missing": _TELL,
    "start_cancelled": "Start it again whenever you like.",
    "unreachable": _TELL,
}
"""By the stable code that the log, the API and the page of a failure have."""

_REFUSED = "Change what you chose and start again."


def advice_for(code: str | None, *, refused: bool = False) -> str:
    """What the person can do next; `refused`: nothing was begun, because of what was asked for."""
    return ADVICE.get(code or "", _REFUSED if refused else DEFAULT)


def short_id(session: str) -> str:
    """Of a session's id what a person can copy; `multiplespawner log --session` takes it."""
    return session[:8]


def in_full(message: str, code: str, session: str) -> str:
    """What failed, what to do, and what an administrator needs to find it: one text, for where one is all.

    No `session`: nothing was begun.
    """
    begun = f", session {short_id(session)}" if session else ""
    return f"{message} {advice_for(code)} (Code {code}{begun})"


def spawn_exception(message: str, code: str, session: str = "", *, log_message: str = "") -> SpawnException:
    """What the hub is told of a failed start, in words for its user; no `session`: nothing was begun.

    `log_message` is for administrators.
    """
    said = in_full(message, code, session)
    error = SpawnException(said, reason=code, status_code=500, log_message=log_message)
    # without this, the hub's stream of progress events shows the exception's class
    error.jupyterhub_message = error.message
    return error
