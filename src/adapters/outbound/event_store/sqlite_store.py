"""The log in an SQLite file."""

import threading
from collections.abc import Sequence
from pathlib import Path

from eventsourcing.persistence import IntegrityError, StoredEvent

from .sqlite_file import found, tidy, uri
from .sqlite_reader import SqliteReader, translated
from .sqlite_recorder import DurableDatastore, SqliteRecorder


class SqliteStore(SqliteReader):
    """Opens the file, and makes it if there is none: blocks for some milliseconds."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, uri(path))
        self._writer: SqliteRecorder | None = None
        self._lock = threading.Lock()
        with translated(path):
            self.owner = found(path, self._reader.create_table_statements)

    def insert(self, events: Sequence[StoredEvent]) -> Sequence[int]:
        """Write all or none in one transaction, synced to the disk."""
        with self._lock, translated(self._path):
            if self._writer is None:
                self._writer = SqliteRecorder(DurableDatastore(uri(self._path), 1))
            try:
                return self._writer.insert_events(events) or ()
            except IntegrityError:
                raise
            except Exception:
                # A failed commit may leave the connection within its transaction: it is not used again.
                self._close_writer()
                raise

    def close(self) -> None:
        """Let go of the file; safe to repeat."""
        with self._lock:
            self._close_writer()
        super().close()
        tidy(self._path)

    def _close_writer(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.datastore.close()
