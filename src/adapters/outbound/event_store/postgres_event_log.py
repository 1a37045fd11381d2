"""The event log in a PostgreSQL database."""

from ....application.ports.clock import Clock
from ..postgres import PostgresAddress
from .postgres_store import PostgresStore
from .read_only_postgres_store import ReadOnlyPostgresStore
from .recorded_event_log import RecordedEventLog


class PostgresEventLog(RecordedEventLog):
    """Keeps the log in tables of its own, made if there are none; several hubs may share it.

    Making one blocks. Raises LogUnavailable. `software` is the version of this package.
    """

    def __init__(self, address: PostgresAddress, clock: Clock, software: str) -> None:
        super().__init__(PostgresStore(address), clock, software)


class ReadOnlyPostgresEventLog(RecordedEventLog):
    """Reads the log as a role that may only SELECT, and makes no tables; `append` raises LogUnavailable.

    Making one blocks. Raises LogUnavailable, also where there is no log.
    """

    def __init__(self, address: PostgresAddress, clock: Clock, software: str) -> None:
        super().__init__(ReadOnlyPostgresStore(address), clock, software)
