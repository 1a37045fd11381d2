"""Looking at the log in an SQLite file without a trace, whether a hub is writing it or not."""

import os
import sqlite3
import time
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

from attrs import frozen
from eventsourcing.persistence import Notification, PersistenceError, StoredEvent

from ....application.ports.event_log import Head, LogUnavailable
from .sqlite_file import OWNER
from .sqlite_reader import translated
from .sqlite_recorder import DurableDatastore, SqliteRecorder

T = TypeVar("T")

ATTEMPTS = 50
PAUSE = 0.02
"""Seconds between attempts: in a second a hub that starts or stops has laid its files."""


PASSING = ("SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_BUSY", "SQLITE_PROTOCOL")
"""What SQLite says while another process lays the files beside the log or takes them away."""


class _Moved(Exception):
    """The files changed during a look, which may have seen halves of things."""


@frozen
class _Files:
    """What of the log's files tells whether anybody writes."""

    alone: bool
    """Whether there is no write-ahead log: then nobody has the file open for writing."""
    changed: int
    """Nanoseconds."""
    size: int
    inode: int

    @classmethod
    def of(cls, path: Path) -> "_Files":
        """As they are now; raises OSError."""
        found = path.stat()
        alone = not path.with_name(path.name + "-wal").exists()
        return cls(alone, found.st_mtime_ns, found.st_size, found.st_ino)

    def uri(self, path: Path) -> str:
        """The database so that not even the index beside the write-ahead log is written.

        Where nobody writes, SQLite is told that it needs no lock: it would have to make files to take one.
        """
        return f"file:{quote(bytes(path))}?mode=ro&" + ("immutable=1" if self.alone else "readonly_shm=1")


class ReadOnlySqliteStore:
    """Opens the file anew for each look and lets go of it at once.

    So a hub that starts meanwhile is noticed, and one that stops can tidy up after the look.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.owner = self._look(_owner)

    def insert(self, events: Sequence[StoredEvent]) -> Sequence[int]:
        """Refuse: raises LogUnavailable."""
        raise LogUnavailable(f"the event log {self._path} is open for reading only")

    def stream(self, stream: str, after: int, limit: int | None = None) -> Sequence[Notification]:
        """Records of one stream with a version above `after`, in order."""
        return self._look(lambda recorder: recorder.select_stream(stream, after, limit))

    def page(self, after: int, limit: int, names: Collection[str]) -> Sequence[Notification]:
        """Records of all streams with a position above `after`, in order."""
        return self._look(
            lambda recorder: recorder.select_notifications(
                after, limit, topics=tuple(names), inclusive_of_start=False
            )
        )

    def heads(self, names: Collection[str], after: int, limit: int) -> Sequence[Head]:
        """Where facts with these names lie above the position `after`, in order."""
        return self._look(lambda recorder: recorder.select_heads(names, after, limit))

    def streams(self, prefix: str, limit: int) -> Sequence[str]:
        """Names of streams that begin with `prefix`, sorted by code points."""
        return self._look(lambda recorder: recorder.select_streams(prefix, limit))

    def position(self) -> int:
        """Position of the last record; 0 for an empty log."""
        return self._look(lambda recorder: recorder.max_notification_id() or 0)

    def close(self) -> None:
        """Nothing is open."""

    def _look(self, question: Callable[[SqliteRecorder], T]) -> T:
        for _ in range(ATTEMPTS):
            with translated(self._path):
                try:
                    return self._once(question)
                except _Moved as moved:
                    why = moved
                    time.sleep(PAUSE)
        raise LogUnavailable(f"the event log {self._path} can't be read now: {self._hint() or why}") from why

    def _once(self, question: Callable[[SqliteRecorder], T]) -> T:
        path = self._real()
        before = _Files.of(path)
        datastore = DurableDatastore(before.uri(path), 1)
        try:
            answer = question(SqliteRecorder(datastore))
        except (PersistenceError, sqlite3.Error) as error:
            if _is_passing(error) or _Files.of(path) != before:
                raise _Moved(error) from error
            raise
        finally:
            datastore.close()
        # a writer's own locks keep a look beside it whole
        if before.alone and _Files.of(path) != before:
            raise _Moved("it changes all the time")
        return answer

    def _real(self) -> Path:
        """What a link leads to: SQLite lays its files beside that."""
        return Path(os.path.realpath(self._path))

    def _hint(self) -> str:
        """What to do with a copy that can't be read without writing; nothing for another trouble."""
        wal, index = (Path(f"{self._real()}{end}") for end in ("-wal", "-shm"))
        if index.exists() or not wal.exists():
            return ""
        whole = f"its owner makes it whole with: sqlite3 {self._path} .tables"
        return f"{wal.name} lies there without {index.name}; {whole}"


def _is_passing(error: Exception) -> bool:
    cause = error if isinstance(error, sqlite3.Error) else error.__cause__
    return getattr(cause, "sqlite_errorname", "").startswith(PASSING)


def _owner(recorder: SqliteRecorder) -> str:
    with recorder.datastore.transaction(commit=False) as cursor:
        cursor.execute(OWNER)
        return str(cursor.fetchone()[0])
