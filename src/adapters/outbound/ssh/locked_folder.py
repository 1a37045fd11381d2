"""A folder that processes change one after the other."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .failures import SshFailed

PATIENCE = 20.0
"""Seconds to wait for others, who take some milliseconds each."""
LOOK = 0.01
"""Seconds between two attempts."""


@contextmanager
def locked_folder(folder: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Make a folder (0700) if need be and have it for ourselves. Raises SshFailed, also if others keep it."""
    try:
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        folder.chmod(0o700)
        lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise SshFailed("key_unusable", f"{error.filename} can't be used: {error.strerror}.") from error
    try:
        _take(lock, folder, time.monotonic() + patience)
        yield
    finally:
        os.close(lock)


def _take(lock: int, folder: Path, until: float) -> None:
    # a process that hangs with the lock must not stop all threads of the hub
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError as error:
            if time.monotonic() > until:
                raise SshFailed(
                    "key_unusable", f"Another process holds {folder / 'lock'} (`fuser` tells which): end it."
                ) from error
            time.sleep(LOOK)
        except OSError as error:
            raise SshFailed("key_unusable", f"{folder} can't be locked: {error.strerror}.") from error
