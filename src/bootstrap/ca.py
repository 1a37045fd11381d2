"""The hub's user CA, for whoever looks after hosts."""

import os
import pwd
from pathlib import Path

from ..adapters.outbound.ssh import SshFailed, UserCa, fingerprint

__all__ = ["CaUnusable", "SshFailed", "UserCa", "fingerprint", "user_ca"]


class CaUnusable(Exception):
    """It must not be touched from here; the message is a sentence with what to do."""


def user_ca(directory: Path) -> UserCa:
    """The CA in the spawner's directory; raises CaUnusable where that is somebody else's."""
    try:
        owner = directory.stat().st_uid
    except FileNotFoundError:
        return UserCa(directory)
    except OSError as error:
        raise CaUnusable(f"{directory} can't be used: {error.strerror}.") from error
    if owner != os.geteuid():
        name = _name(owner)
        raise CaUnusable(
            f"{directory} belongs to {name}, who must be able to read the keys: run this as that user "
            f"(sudo -u {name} …), or say with --directory where the hub keeps its own."
        )
    return UserCa(directory)


def _name(user: int) -> str:
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return f"#{user}"
