"""Says in the port's errors why a host can't be used, for its administrators and for whoever wanted it."""

from .....application.ports.provider import NotTrusted, ProviderError, Unavailable
from ...ssh import SshFailed


def unavailable(name: str, why: str) -> Unavailable:
    """It can't be reached, or doesn't do what it is asked; it may later."""
    words = f"The machine {name} can't be used now. Try again, or choose another offer."
    return Unavailable(f"host {name}: {why}", words=words)


def not_entered(name: str, failed: SshFailed, *, key_file: bool) -> ProviderError:
    """We were not let in, or would not go in; `key_file` says whether the settings give a key for it."""
    if failed.may_retry:
        return unavailable(name, failed.message)
    advice = _advice(failed.code, key_file=key_file)
    message = f"{failed.message} {advice}".strip()
    return NotTrusted(failed.code, f"host {name}: {message}", f"The machine {name} can't be used. {message}")


def _advice(code: str, *, key_file: bool) -> str:
    match code:
        case "login_refused" if not key_file:
            return "Or give a key that it knows as `ssh_keyfile` in the provider's settings."
        case "host_key_mismatch":
            return (
                "If it was set up anew: correct `host_key` or `host_ca` in the provider's settings; where "
                "its key was taken on trust remove the host's line from ssh/known_hosts in the hub's folder."
            )
    return ""


def unknown_key(name: str, address: str, shown: str, print_: str) -> NotTrusted:
    """Nothing says which key it must have."""
    message = (
        f"{address} shows the key {print_}, and nothing says whether that is its own. Compare it on the host "
        "(`ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub`), then give it as `host_key` in the provider's "
        "settings, or its CA as `host_ca`; `strict_host_key_checking: accept-new` would take it on trust."
    )
    return NotTrusted(
        "host_key_unknown",
        f"host {name}: {message} The key: {shown}",
        f"The machine {name} can't be used: the hub does not know its key {print_}. An administrator has to "
        "compare it and enter it in the provider's settings.",
    )
