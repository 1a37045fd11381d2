"""The file of the log: made once, readable by nobody else, with an owner id in it."""

import contextlib
import os
import secrets
import sqlite3
import stat
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

import stamina

from .sqlite_recorder import LOCK_TIMEOUT

OWNER = "SELECT id FROM log_owner"

LOOKS = 5
PAUSE = 0.02
"""Seconds; whoever looks at the log lets go of it within some milliseconds."""


def uri(path: Path) -> str:
    """The database as SQLite opens it; a file that is gone is an error, not an empty log."""
    return f"file:{quote(bytes(path))}?mode=rw"


def _busy(error: Exception) -> bool:
    return getattr(error, "sqlite_errorname", "").startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))


@stamina.retry(on=_busy, timeout=LOCK_TIMEOUT, attempts=None)
def found(path: Path, create_tables: Sequence[str]) -> str:
    """Make the file and its tables unless they exist, durably; returns the owner id in it.

    Raises OSError and sqlite3.Error. Two processes may do it at once: turning the write-ahead log on does not
    wait for the other one's lock, so all of it is tried again.
    """
    _make_file(path)
    with contextlib.closing(sqlite3.connect(uri(path), uri=True, timeout=LOCK_TIMEOUT)) as database:
        database.isolation_level = None
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=FULL")
        database.execute("BEGIN IMMEDIATE")
        for statement in create_tables:
            database.execute(statement)
        database.execute(
            "CREATE TABLE IF NOT EXISTS log_owner (one INTEGER PRIMARY KEY CHECK (one = 1), id TEXT)"
        )
        database.execute("INSERT OR IGNORE INTO log_owner VALUES (1, ?)", (secrets.token_hex(8),))
        (owner,) = database.execute(OWNER).fetchone()
        database.execute("COMMIT")
    return str(owner)


def tidy(path: Path) -> None:
    """Have what was written last stand in the file itself, nothing beside it, unless others have it open.

    SQLite does so itself when the last connection ends, but for good not if somebody is looking just then.
    """
    beside = Path(f"{os.path.realpath(path)}-wal")
    for _ in range(LOOKS):
        if not beside.exists():
            return
        time.sleep(PAUSE)
        with (
            contextlib.suppress(sqlite3.Error),
            contextlib.closing(sqlite3.connect(uri(path), uri=True, timeout=0)) as database,
        ):
            database.execute(OWNER).fetchone()


def _make_file(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600))
    except FileExistsError:
        # Not opened to do it: closing any descriptor of a database drops the locks that SQLite holds on it.
        # What an administrator lets the group read stays so.
        path.chmod(0o600 | path.stat().st_mode & stat.S_IRGRP)
        return
    folder = os.open(path.parent, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
