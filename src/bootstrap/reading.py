"""What the commands that only look open: nothing is made, written or left behind."""

import getpass
import os
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

from ..adapters.outbound.clock.system_clock import SystemClock
from ..adapters.outbound.event_store.sqlite_event_log import ReadOnlySqliteEventLog
from ..adapters.outbound.user_names.sqlite_user_names import SqliteUserNames
from ..application.ports.event_log import EventLog, LogDamaged, LogUnavailable
from ..application.ports.user_names import UserNames
from . import software
from .settings import Settings

if TYPE_CHECKING:
    from ..adapters.outbound.postgres import PostgresAddress


class CannotRead(Exception):
    """There is nothing that can be read; the message is a sentence with what to do."""


@frozen
class Reading:
    """The event log, for reading, and the names beside it."""

    log: EventLog
    names: UserNames


def open_reading(settings: Settings) -> Reading:
    """Both; close the log afterwards. Blocks; raises CannotRead."""
    try:
        names = names_of(settings)
        return Reading(_log(settings), names)
    except LogDamaged as error:
        raise CannotRead(f"{error}. Put a backup in its place, see Backup in docs/operations.md.") from error
    except LogUnavailable as error:
        raise CannotRead(str(error)) from error


def names_of(settings: Settings) -> UserNames:
    """The names beside the log; raises CannotRead."""
    file = settings.log_file
    if file is not None:
        return SqliteUserNames(file.with_name("names.sqlite"))
    from ..adapters.outbound.user_names.postgres_user_names import PostgresUserNames

    return PostgresUserNames(_address(settings.event_log))


def _log(settings: Settings) -> EventLog:
    file = settings.log_file
    if file is not None:
        _require(file)
        try:
            return ReadOnlySqliteEventLog(file, SystemClock(), software())
        except LogUnavailable as error:
            raise CannotRead(f"{error}. If it is not the one, say which with --event-log.") from error
    from ..adapters.outbound.event_store.postgres_event_log import ReadOnlyPostgresEventLog

    return ReadOnlyPostgresEventLog(_address(settings.event_log), SystemClock(), software())


def _address(url: str) -> "PostgresAddress":
    try:
        from ..adapters.outbound.postgres import PostgresAddress

        return PostgresAddress.parse(url)
    except (ImportError, ValueError) as error:
        raise CannotRead(str(error)) from error


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
