"""The library's SQLite recorder, with full durability and whole streams with their positions."""

import sqlite3
from collections.abc import Collection, Sequence

from eventsourcing.persistence import Notification
from eventsourcing.sqlite import (
    SQLiteApplicationRecorder,
    SQLiteConnection,
    SQLiteConnectionPool,
    SQLiteDatastore,
)

from ....application.ports.event_log import Head

LOCK_TIMEOUT = 5
"""Seconds to wait for another process that writes."""

_LAST = "\U0010ffff"
"""Comes after every other character."""


class DurablePool(SQLiteConnectionPool):
    """Connections that return from a commit when it lies on the disk, whatever SQLite was built with."""

    def _create_connection(self) -> SQLiteConnection:
        connection = super()._create_connection()
        connection.cursor().execute("PRAGMA synchronous=FULL")
        return connection


class DurableDatastore(SQLiteDatastore):
    """A datastore of exactly `connections` connections to the database at `uri`."""

    def __init__(self, uri: str, connections: int) -> None:
        super().__init__(uri, originator_id_type="text")
        self.pool = DurablePool(db_name=uri, lock_timeout=LOCK_TIMEOUT, pool_size=connections, max_overflow=0)


class SqliteRecorder(SQLiteApplicationRecorder):
    """Adds what the library leaves out: the position of each record of a stream."""

    def select_stream(self, stream: str, after: int, limit: int | None) -> Sequence[Notification]:
        """Records with a version above `after`, in order; all when `limit` is None."""
        with self.datastore.transaction(commit=False) as cursor:
            cursor.execute(
                f"SELECT rowid, * FROM {self.events_table_name} "  # noqa: S608 - the name is our own
                "WHERE originator_id=? AND originator_version>? ORDER BY originator_version LIMIT ?",
                (stream, after, -1 if limit is None else limit),
            )
            return [_notification(row) for row in cursor.fetchall()]

    def select_heads(self, names: Collection[str], after: int, limit: int) -> Sequence[Head]:
        """Where facts with these names lie above the position `after`, in order."""
        with self.datastore.transaction(commit=False) as cursor:
            cursor.execute(
                f"SELECT rowid, originator_id, topic FROM {self.events_table_name} "  # noqa: S608 - our own
                f"WHERE rowid>? AND topic IN ({','.join('?' * len(names))}) ORDER BY rowid LIMIT ?",
                (after, *names, limit),
            )
            return [Head(*row) for row in cursor.fetchall()]

    def select_streams(self, prefix: str, limit: int) -> Sequence[str]:
        """Names that begin with `prefix`, in order: a walk along one range of the primary key."""
        with self.datastore.transaction(commit=False) as cursor:
            cursor.execute(
                f"SELECT originator_id FROM {self.events_table_name} "  # noqa: S608 - the name is our own
                "WHERE originator_id>=? AND originator_id<? AND originator_version=1 "
                "ORDER BY originator_id LIMIT ?",
                (prefix, prefix + _LAST, limit),
            )
            return [row["originator_id"] for row in cursor.fetchall()]


def _notification(row: sqlite3.Row) -> Notification:
    return Notification(
        id=row["rowid"],
        originator_id=row["originator_id"],
        originator_version=row["originator_version"],
        topic=row["topic"],
        state=row["state"],
    )
