"""The log in an SQLite file."""

import contextlib
import sqlite3
import threading
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from eventsourcing.persistence import (
    ConnectionPoolClosedError,
    IntegrityError,
    Notification,
    PersistenceError,
    StoredEvent,
)

from ....application.ports.event_log import Clash, LogDamaged, LogUnavailable
from .recorded_event_log import READERS
from .sqlite_file import found, uri
from .sqlite_recorder import DurableDatastore, SqliteRecorder

BEYOND_REPAIR = {"SQLITE_CORRUPT", "SQLITE_NOTADB"}


class SqliteStore:
    """Opens the file, and makes it if there is none: blocks for some milliseconds."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._reader = self._recorder(READERS)
        self._writer: SqliteRecorder | None = None
        self._lock = threading.Lock()
        with self._translated():
            self.owner = found(path, self._reader.create_table_statements)

    def insert(self, events: Sequence[StoredEvent]) -> Sequence[int]:
        """Write all or none in one transaction, synced to the disk."""
        with self._lock, self._translated():
            if self._writer is None:
                self._writer = self._recorder(1)
            try:
                return self._writer.insert_events(events) or ()
            except IntegrityError:
                raise
            except Exception:
                # A failed commit may leave the connection within its transaction: it is not used again.
                self._close_writer()
                raise

    def stream(self, stream: str, after: int, limit: int | None = None) -> Sequence[Notification]:
        """Records of one stream with a version above `after`, in order."""
        with self._translated():
            return self._reader.select_stream(stream, after, limit)

    def page(self, after: int, limit: int, names: Collection[str]) -> Sequence[Notification]:
        """Records of all streams with a position above `after`, in order."""
        with self._translated():
            return self._reader.select_notifications(
                after, limit, topics=tuple(names), inclusive_of_start=False
            )

    def position(self) -> int:
        """Position of the last record; 0 for an empty log."""
        with self._translated():
            return self._reader.max_notification_id() or 0

    def close(self) -> None:
        """Let go of the file; safe to repeat."""
        with self._lock:
            self._close_writer()
        self._reader.datastore.close()

    def _recorder(self, connections: int) -> SqliteRecorder:
        return SqliteRecorder(DurableDatastore(uri(self._path), connections))

    def _close_writer(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.datastore.close()

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except IntegrityError as error:
            raise Clash("one of the streams has other records") from error
        except (PersistenceError, ConnectionPoolClosedError, sqlite3.Error, OSError) as error:
            cause = error if isinstance(error, sqlite3.Error) else error.__cause__
            if getattr(cause, "sqlite_errorname", None) in BEYOND_REPAIR:
                raise LogDamaged(f"the event log {self._path} is damaged: {cause}") from error
            raise LogUnavailable(f"the event log {self._path} can't be used now: {error}") from error
