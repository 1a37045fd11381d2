"""The event log in a PostgreSQL database."""

from ....application.ports.clock import Clock
from ..postgres import PostgresAddress
from .postgres_store import PostgresStore
from .recorded_event_log import RecordedEventLog


class PostgresEventLog(RecordedEventLog):
    """Keeps the log in tables of its own, made if there are none; several hubs may share it.

    Making one blocks. Raises LogUnavailable. `software` is the version of this package.
    """

    def __init__(self, address: PostgresAddress, clock: Clock, software: str) -> None:
        super().__init__(PostgresStore(address), clock, software)
