"""The folder of one run on this host: for this account alone, with all that the run leaves on the disk."""

import contextlib
import json
import os
import shutil
import stat
import tempfile
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST = 90
"""Bytes of a folder in which sshd can still make its socket (108 in all)."""


class Unusable(Exception):
    """What this host or account is like; `code` says what is wrong, `why` what the system said."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(code)
        self.code = code
        self.why = why


@contextlib.contextmanager
def usable(folder: str) -> "Iterator[None]":
    """For what is done with files in the folder: raises Unusable in place of OSError."""
    try:
        yield
    except OSError as error:
        why = error.strerror or str(error)
        raise Unusable("folder_unusable", f"{error.filename or folder}: {why}") from error


def place(base: str, token: str) -> str:
    """Where the folder of a run is; `base` lies in the home unless it is absolute or begins with `~`."""
    home = os.path.expanduser("~")
    return os.path.join(home, os.path.expanduser(base), token)


def make(base: str, token: str) -> str:
    """Make the folder (0700) where none of it is; raises Unusable."""
    folder = place(base, token)
    above = os.path.dirname(folder)
    with usable(folder):
        os.makedirs(above, 0o700, exist_ok=True)
        seen = os.stat(above)
        if seen.st_uid != os.getuid() or seen.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            raise Unusable("folder_unsafe", f"{above} can be changed by other accounts")
        os.mkdir(folder, 0o700)
    return folder


def socket_folder(folder: str) -> str:
    """Where sshd may make sockets: the folder itself, or one with a shorter name. Raises Unusable."""
    with usable(folder):
        return folder if len(os.fsencode(folder)) <= LONGEST else tempfile.mkdtemp(prefix="jupyterhub-")


def write(folder: str, name: str, text: str) -> None:
    """Write a file (0600) that is there whole or not at all. Raises Unusable."""
    path = os.path.join(folder, name)
    with usable(path):
        opened = os.open(path + ".new", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(opened, "w", encoding="utf-8") as file:
            file.write(text)
        os.rename(path + ".new", path)


def read(folder: str, name: str) -> "dict[str, Any]":
    """What a JSON file holds; {} where there is none."""
    try:
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            return dict(json.load(file))
    except (OSError, ValueError):
        return {}


def remove(folder: str) -> None:
    """Remove the folder and what belongs to it elsewhere; none there is success. Raises Unusable."""
    run = read(folder, "run.json")
    sockets = str(run.get("sockets") or folder)
    if sockets != folder:
        shutil.rmtree(sockets, ignore_errors=True)
    for group in list(run.get("groups") or []):
        # it may be gone already
        with contextlib.suppress(OSError):
            os.rmdir(group)
    shutil.rmtree(folder, ignore_errors=True)
    if os.path.lexists(folder):
        with usable(folder):
            shutil.rmtree(folder)
