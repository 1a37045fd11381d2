"""Reading the log in an SQLite file."""

import contextlib
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from eventsourcing.persistence import (
    ConnectionPoolClosedError,
    IntegrityError,
    Notification,
    PersistenceError,
)

from ....application.ports.event_log import Clash, Head, LogDamaged, LogUnavailable
from .recorded_event_log import READERS
from .sqlite_recorder import DurableDatastore, SqliteRecorder

BEYOND_REPAIR = {"SQLITE_CORRUPT", "SQLITE_NOTADB"}


@contextlib.contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn what SQLite and the library raise into the errors of the port."""
    try:
        yield
    except IntegrityError as error:
        raise Clash("one of the streams has other records") from error
    except (PersistenceError, ConnectionPoolClosedError, sqlite3.Error, OSError) as error:
        cause = error if isinstance(error, sqlite3.Error) else error.__cause__
        if getattr(cause, "sqlite_errorname", None) in BEYOND_REPAIR:
            raise LogDamaged(f"the event log {path} is damaged: {cause}") from error
        raise LogUnavailable(f"the event log {path} can't be used now: {error}") from error


class SqliteReader:
    """The half of a store that reads; `uri` says how the file is opened."""

    def __init__(self, path: Path, uri: str) -> None:
        self._path = path
        self._reader = SqliteRecorder(DurableDatastore(uri, READERS))

    def stream(self, stream: str, after: int, limit: int | None = None) -> Sequence[Notification]:
        """Records of one stream with a version above `after`, in order."""
        with translated(self._path):
            return self._reader.select_stream(stream, after, limit)

    def page(self, after: int, limit: int, names: Collection[str]) -> Sequence[Notification]:
        """Records of all streams with a position above `after`, in order."""
        with translated(self._path):
            return self._reader.select_notifications(
                after, limit, topics=tuple(names), inclusive_of_start=False
            )

    def heads(self, names: Collection[str], after: int, limit: int) -> Sequence[Head]:
        """Where facts with these names lie above the position `after`, in order."""
        with translated(self._path):
            return self._reader.select_heads(names, after, limit)

    def streams(self, prefix: str, limit: int) -> Sequence[str]:
        """Names of streams that begin with `prefix`, sorted by code points."""
        with translated(self._path):
            return self._reader.select_streams(prefix, limit)

    def position(self) -> int:
        """Position of the last record; 0 for an empty log."""
        with translated(self._path):
            return self._reader.max_notification_id() or 0

    def close(self) -> None:
        """Let go of the file; safe to repeat."""
        self._reader.datastore.close()
