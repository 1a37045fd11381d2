"""Looking at the log in a PostgreSQL database as a role that may only read."""

from collections.abc import Sequence

from attrs import evolve
from eventsourcing.persistence import StoredEvent
from psycopg import errors

from ....application.ports.event_log import LogUnavailable
from ..postgres import PostgresAddress
from .postgres_recorder import TABLE
from .postgres_store import OWNER_TABLE, PostgresStore

READ_ONLY = "-c default_transaction_read_only=on"


class ReadOnlyPostgresStore(PostgresStore):
    """Connects and makes no tables; whatever the role may do, nothing is written."""

    def __init__(self, address: PostgresAddress) -> None:
        options = f"{address.parameters.get('options', '')} {READ_ONLY}"
        super().__init__(evolve(address, parameters={**address.parameters, "options": options}))

    def insert(self, events: Sequence[StoredEvent]) -> Sequence[int]:
        """Refuse: raises LogUnavailable."""
        raise LogUnavailable(f"the event log in {self._address} is open for reading only")

    def _found(self) -> str:
        with self._address.connect() as connection:
            try:
                row = connection.execute("SELECT id FROM public.multiplespawner_owner").fetchone()
                connection.execute("SELECT 1 FROM public.multiplespawner_events LIMIT 1")
            except errors.InsufficientPrivilege as error:
                raise LogUnavailable(
                    f"the event log in {self._address} may not be read by role {connection.info.user}: "
                    f"GRANT SELECT ON {TABLE}, {OWNER_TABLE}, multiplespawner_user_names TO it"
                ) from error
            except errors.UndefinedTable as error:
                raise LogUnavailable(
                    f"there is no event log in {self._address}: a hub makes it when it first makes a spawner"
                ) from error
        if row is None:
            raise LogUnavailable(f"the event log in {self._address} is only half made: start the hub again")
        return str(row[0])
