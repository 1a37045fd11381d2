"""The log in a PostgreSQL database."""

import contextlib
import secrets
from collections.abc import Collection, Iterator, Sequence

import psycopg
from eventsourcing.persistence import IntegrityError, Notification, PersistenceError, StoredEvent

from ....application.ports.event_log import Clash, Head, LogUnavailable
from ..postgres import FOUNDING, PostgresAddress, has_table, make_table
from .postgres_recorder import TABLE, PostgresRecorder, datastore
from .recorded_event_log import READERS

OWNER_TABLE = "multiplespawner_owner"


class PostgresStore:
    """Connects, and makes the tables if there are none: blocks; where nobody answers, for some seconds."""

    def __init__(self, address: PostgresAddress) -> None:
        self._address = address
        with self._translated():
            self.owner = self._found()
            self._writer = PostgresRecorder(datastore(address, 1))
            self._reader = PostgresRecorder(datastore(address, READERS))

    def insert(self, events: Sequence[StoredEvent]) -> Sequence[int]:
        """Write all or none in one transaction; tried again for up to half a minute while nobody answers."""
        with self._translated():
            return self._writer.insert_events(events) or ()

    def stream(self, stream: str, after: int, limit: int | None = None) -> Sequence[Notification]:
        """Records of one stream with a version above `after`, in order."""
        with self._translated():
            found: Sequence[Notification] = self._reader.select_stream(stream, after, limit)
            return found

    def page(self, after: int, limit: int, names: Collection[str]) -> Sequence[Notification]:
        """Records of all streams with a position above `after`, in order."""
        with self._translated():
            found: Sequence[Notification] = self._reader.select_notifications(
                after, limit, topics=tuple(names), inclusive_of_start=False
            )
            return found

    def heads(self, names: Collection[str], after: int, limit: int) -> Sequence[Head]:
        """Where facts with these names lie above the position `after`, in order."""
        with self._translated():
            found: Sequence[Head] = self._reader.select_heads(names, after, limit)
            return found

    def streams(self, prefix: str, limit: int) -> Sequence[str]:
        """Names of streams that begin with `prefix`, sorted by code points."""
        with self._translated():
            found: Sequence[str] = self._reader.select_streams(prefix, limit)
            return found

    def position(self) -> int:
        """Position of the last record; 0 for an empty log."""
        with self._translated():
            return self._reader.max_notification_id() or 0

    def close(self) -> None:
        """Let go of the connections; safe to repeat."""
        self._writer.datastore.close()
        self._reader.datastore.close()

    def _found(self) -> str:
        with self._address.connect() as connection:
            if not has_table(connection, TABLE):
                connection.execute("SELECT pg_advisory_lock(%s)", (FOUNDING,))
                self._make_events_table()
                connection.execute("SELECT pg_advisory_unlock(%s)", (FOUNDING,))
            make_table(
                connection,
                OWNER_TABLE,
                "CREATE TABLE public.multiplespawner_owner (one int PRIMARY KEY CHECK (one = 1), id text)",
            )
            query = "SELECT id FROM public.multiplespawner_owner"
            if not (row := connection.execute(query).fetchone()):
                insert = "INSERT INTO public.multiplespawner_owner VALUES (1, %s) ON CONFLICT DO NOTHING"
                connection.execute(insert, (secrets.token_hex(8),))
                row = connection.execute(query).fetchone()
        assert row is not None
        return str(row[0])

    def _make_events_table(self) -> None:
        recorder = PostgresRecorder(datastore(self._address, 1))
        try:
            recorder.create_table()
        finally:
            recorder.datastore.close()

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except IntegrityError as error:
            raise Clash("one of the streams has other records") from error
        except (PersistenceError, psycopg.Error) as error:
            raise LogUnavailable(f"the event log in {self._address} can't be used now: {error}") from error
