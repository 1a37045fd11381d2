"""The library's PostgreSQL recorder, with whole streams and their positions."""

from collections.abc import Collection, Sequence

from eventsourcing.persistence import InterfaceError, Notification, OperationalError
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from eventsourcing.utils import retry
from psycopg.rows import dict_row
from psycopg.sql import SQL, Identifier

from ....application.ports.event_log import Head
from ..postgres import CONNECT_TIMEOUT, PostgresAddress

TABLE = "multiplespawner_events"
"""Fixed: a log under another name would be another log."""


def datastore(address: PostgresAddress, connections: int) -> PostgresDatastore:
    """A pool of up to `connections` connections, opened when first used.

    The library's database functions stay off: they leave out the table lock without which a reader that
    follows the log misses records.
    """
    store = PostgresDatastore(
        dbname="",
        host="",
        port="",
        user="",
        password="",
        connect_timeout=CONNECT_TIMEOUT,
        idle_in_transaction_session_timeout=5,
        max_overflow=connections - 1,
        originator_id_type="text",
        enable_db_functions=False,
    )
    # The library knows five parameters; libpq has more (sslmode, options, keepalives).
    store.pool.kwargs = {**address.parameters, "row_factory": dict_row}
    return store


class PostgresRecorder(PostgresApplicationRecorder):
    """Adds what the library leaves out: the position of each record of a stream."""

    def __init__(self, store: PostgresDatastore) -> None:
        super().__init__(store, events_table_name=TABLE)
        # It would replace the function of another application of the library in the same database.
        self.sql_create_statements.remove(self.sql_create_pg_function_insert_events)
        self._select_stream = SQL(
            "SELECT * FROM {schema}.{table} WHERE originator_id = %s AND originator_version > %s "
            "ORDER BY originator_version LIMIT %s"
        ).format(schema=Identifier(store.schema), table=Identifier(TABLE))
        self._select_heads = SQL(
            "SELECT notification_id AS position, originator_id AS stream, topic AS name "
            "FROM {schema}.{table} WHERE topic = ANY(%s) AND notification_id > %s "
            "ORDER BY notification_id LIMIT %s"
        ).format(schema=Identifier(store.schema), table=Identifier(TABLE))
        # the index of the names is sorted as the database's language does: only a look at all of it is right
        self._select_streams = SQL(
            "SELECT originator_id FROM {schema}.{table} "
            "WHERE starts_with(originator_id, %s) AND originator_version = 1 "
            'ORDER BY originator_id COLLATE "C" LIMIT %s'
        ).format(schema=Identifier(store.schema), table=Identifier(TABLE))

    @retry((InterfaceError, OperationalError), max_attempts=10, wait=0.2)
    def select_stream(self, stream: str, after: int, limit: int | None) -> Sequence[Notification]:
        """Records with a version above `after`, in order; all when `limit` is None."""
        with self.datastore.get_connection() as connection, connection.cursor() as cursor:
            cursor.execute(self._select_stream, (stream, after, limit), prepare=True)
            return [
                Notification(
                    id=row["notification_id"],
                    originator_id=row["originator_id"],
                    originator_version=row["originator_version"],
                    topic=row["topic"],
                    state=bytes(row["state"]),
                )
                for row in cursor.fetchall()
            ]

    @retry((InterfaceError, OperationalError), max_attempts=10, wait=0.2)
    def select_heads(self, names: Collection[str], after: int, limit: int) -> Sequence[Head]:
        """Where facts with these names lie above the position `after`, in order."""
        with self.datastore.get_connection() as connection, connection.cursor() as cursor:
            cursor.execute(self._select_heads, (list(names), after, limit), prepare=True)
            return [Head(**row) for row in cursor.fetchall()]

    @retry((InterfaceError, OperationalError), max_attempts=10, wait=0.2)
    def select_streams(self, prefix: str, limit: int) -> Sequence[str]:
        """Names that begin with `prefix`, sorted by code points."""
        with self.datastore.get_connection() as connection, connection.cursor() as cursor:
            cursor.execute(self._select_streams, (prefix, limit), prepare=True)
            return [row["originator_id"] for row in cursor.fetchall()]
