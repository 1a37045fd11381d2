"""Reads files in whose place something else may lie by the time they are opened."""

import os
import stat
from pathlib import Path


class NotRegular(Exception):
    """A folder, pipe, device or the like."""


def beginning(file: str | Path, most: int) -> bytes:
    """At most so many bytes of a file; raises NotRegular, OSError, and ValueError for what is no path."""
    with open(file, "rb", opener=_without_waiting) as opened:
        if not stat.S_ISREG(os.fstat(opened.fileno()).st_mode):
            raise NotRegular
        return opened.read(most)


def _without_waiting(path: str, flags: int) -> int:
    """Opening a pipe would wait for whoever writes into it."""
    return os.open(path, flags | os.O_NONBLOCK)
