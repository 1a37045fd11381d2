"""Arguments of OpenSSH that let nothing in but what an Access says."""

import re
from pathlib import Path

from ....application.ports.authenticator import Access
from ....application.ports.configurer import ConfigurationFailed

SECONDS_TO_CONNECT = 20

_ADDRESS = re.compile(r"[A-Za-z0-9:][A-Za-z0-9.:%_-]{0,252}", re.ASCII)
_USER = re.compile(r"[A-Za-z_][A-Za-z0-9._-]{0,63}", re.ASCII)


def arguments(access: Access, control: Path) -> tuple[str, ...]:
    """What every connection of a run is made with; `control` is a folder for its shared connection.

    OpenSSH takes the first of several values, so nothing that comes later loosens it.
    """
    options = {
        "StrictHostKeyChecking": "yes",
        "UserKnownHostsFile": _path(access.known_hosts_file),
        "GlobalKnownHostsFile": "/dev/null",
        "UpdateHostKeys": "no",
        "IdentityFile": _path(access.key_file),
        "IdentitiesOnly": "yes",
        "IdentityAgent": "none",
        "PreferredAuthentications": "publickey",
        "BatchMode": "yes",
        "ForwardAgent": "no",
        "ForwardX11": "no",
        "RequestTTY": "no",
        "ConnectTimeout": str(SECONDS_TO_CONNECT),
        "ServerAliveInterval": "15",
        "ServerAliveCountMax": "3",
        "ControlMaster": "auto",
        "ControlPersist": "60s",
        "ControlPath": f'"{_escaped(control)}/%C"',
    }
    said = [word for name, value in options.items() for word in ("-o", f"{name}={value}")]
    return ("-F", "/dev/null", *said)


def to(access: Access) -> tuple[str, ...]:
    """Whom to connect to; raises ConfigurationFailed for what is no address or no account."""
    if not _ADDRESS.fullmatch(access.address) or not _USER.fullmatch(access.user):
        raise ConfigurationFailed(
            "host_unreachable", "The machine can't be set up: its address or account is not a valid one."
        )
    return ("-p", str(access.port), "-l", access.user, "--", access.address)


def _path(path: Path) -> str:
    return f'"{_escaped(path)}"'


def _escaped(path: Path) -> str:
    # OpenSSH knows %h and the like in paths
    return str(path).replace("%", "%%")
