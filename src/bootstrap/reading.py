"""What the commands that only look open: nothing is made, written or left behind."""

import getpass
import os
from pathlib import Path

from attrs import frozen

from ..adapters.outbound.clock.system_clock import SystemClock
from ..adapters.outbound.event_store.sqlite_event_log import ReadOnlySqliteEventLog
from ..adapters.outbound.user_names.sqlite_user_names import SqliteUserNames
from ..application.ports.event_log import EventLog, LogDamaged, LogUnavailable
from ..application.ports.user_names import UserNames
from . import software
from .settings import Settings


class CannotRead(Exception):
    """There is nothing that can be read; the message is a sentence with what to do."""


@frozen
class Reading:
    """The event log, for reading, and the names beside it."""

    log: EventLog
    names: UserNames


def open_reading(settings: Settings) -> Reading:
    """Both; close the log afterwards. Blocks; raises CannotRead."""
    file = settings.log_file
    try:
        return _in_database(settings.event_log) if file is None else _in_files(file)
    except LogDamaged as error:
        raise CannotRead(f"{error}. Put a backup in its place, see Backup in docs/operations.md.") from error
    except LogUnavailable as error:
        raise CannotRead(f"{error}.") from error


def _in_files(file: Path) -> Reading:
    _require(file)
    return Reading(
        ReadOnlySqliteEventLog(file, SystemClock(), software()),
        SqliteUserNames(file.with_name("names.sqlite")),
    )


def _in_database(url: str) -> Reading:
    try:
        from ..adapters.outbound.event_store.postgres_event_log import ReadOnlyPostgresEventLog
        from ..adapters.outbound.postgres import PostgresAddress
        from ..adapters.outbound.user_names.postgres_user_names import PostgresUserNames

        address = PostgresAddress.parse(url)
    except (ImportError, ValueError) as error:
        raise CannotRead(f"{error}.") from error
    return Reading(ReadOnlyPostgresEventLog(address, SystemClock(), software()), PostgresUserNames(address))


def _require(file: Path) -> None:
    try:
        file.stat()
    except (FileNotFoundError, NotADirectoryError):
        raise CannotRead(
            f"There is no event log at {file}: a hub makes it when it first makes a spawner. "
            "Say where it lies with --directory or --event-log."
        ) from None
    except OSError as error:
        raise _not_allowed(file, error.strerror or "unknown") from error
    if not os.access(file, os.R_OK):
        raise _not_allowed(file, "Permission denied")


def _not_allowed(file: Path, why: str) -> CannotRead:
    return CannotRead(
        f"The event log {file} can't be read by {getpass.getuser()} ({why}). Run this as the hub's user, "
        "or have its administrator let you read it, see Let others read in docs/operations.md."
    )
