"""The event log in an SQLite file."""

from pathlib import Path

from ....application.ports.clock import Clock
from .network_files import MOUNTS, refuse_network
from .read_only_sqlite_store import ReadOnlySqliteStore
from .recorded_event_log import RecordedEventLog
from .sqlite_store import SqliteStore


class SqliteEventLog(RecordedEventLog):
    """Keeps the log in `path` (0600), made if there is none; its folder too (0700).

    Making one blocks for some milliseconds. Raises LogMisplaced on a network file system, LogUnavailable
    and LogDamaged. `software` is the version of this package.
    """

    def __init__(self, path: Path, clock: Clock, software: str, mounts: Path = MOUNTS) -> None:
        refuse_network(path, mounts)
        super().__init__(SqliteStore(path), clock, software)


class ReadOnlySqliteEventLog(RecordedEventLog):
    """Reads the log in `path` and changes nothing on the disk; `append` raises LogUnavailable.

    Making one blocks for some milliseconds. Raises LogUnavailable where there is no log, and LogDamaged.
    """

    def __init__(self, path: Path, clock: Clock, software: str) -> None:
        super().__init__(ReadOnlySqliteStore(path), clock, software)
