"""Custody of a PostgreSQL log, in a table of the same database."""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

import psycopg

from ....application.ports.custody import CustodyUnavailable
from ..postgres import PostgresAddress, make_table
from .remembered import Remembered, doubt

T = TypeVar("T")

Connection = psycopg.Connection[tuple[Any, ...]]

TABLE = "multiplespawner_custody"
CREATE = (
    "CREATE TABLE public.multiplespawner_custody "
    "(one boolean PRIMARY KEY DEFAULT true CHECK (one), owner text NOT NULL, place text NOT NULL, "
    "position bigint NOT NULL)"
)
# a dump that is loaded elsewhere has another server or another database
PLACE = (
    "SELECT s.system_identifier::text || ':' || d.oid::text "
    "FROM pg_control_system() s, pg_database d WHERE d.datname = current_database()"
)
READ = "SELECT owner, place, position FROM public.multiplespawner_custody"
WRITE = (
    "INSERT INTO public.multiplespawner_custody (owner, place, position) VALUES (%s, %s, %s) "
    "ON CONFLICT (one) DO UPDATE SET owner = excluded.owner, place = excluded.place, "
    "position = CASE WHEN {keeps} THEN greatest(excluded.position, public.multiplespawner_custody.position) "
    "ELSE excluded.position END"
)


class PostgresCustody:
    """A log's place is the server and the database: a dump that is loaded elsewhere has another one.

    An older state that is loaded into the same database brings its own memory: it is not noticed.
    """

    def __init__(self, address: PostgresAddress) -> None:
        self._address = address

    async def doubt(self, owner: str, position: int) -> str | None:
        """Compare with what the table remembers; the first log is remembered from now on."""
        return await self._run(lambda connection: _doubt(connection, owner, position))

    async def saw(self, owner: str, position: int) -> None:
        """Never less than another hub on the same log saw."""
        await self._run(lambda connection: _write(connection, owner, position, keeps=True))

    async def adopt(self, owner: str, position: int) -> None:
        """From here on."""
        await self._run(lambda connection: _write(connection, owner, position, keeps=False))

    async def _run(self, work: Callable[[Connection], T]) -> T:
        return await asyncio.to_thread(self._connected, work)

    def _connected(self, work: Callable[[Connection], T]) -> T:
        try:
            with self._address.connect() as connection:
                make_table(connection, TABLE, CREATE)
                return work(connection)
        except psycopg.Error as error:
            raise CustodyUnavailable(f"{self._address}: {type(error).__name__}") from error


def _doubt(connection: Connection, owner: str, position: int) -> str | None:
    row = connection.execute(READ).fetchone()
    before = None if row is None else Remembered(*row)
    why = doubt(before, Remembered(owner, _place(connection), position))
    if why is None:
        _write(connection, owner, position, keeps=before is not None and before.owner == owner)
    return why


def _write(connection: Connection, owner: str, position: int, *, keeps: bool) -> None:
    statement = WRITE.format(keeps="true" if keeps else "false")
    connection.execute(statement.encode(), (owner, _place(connection), position))


def _place(connection: Connection) -> str:
    row = connection.execute(PLACE).fetchone()
    return "" if row is None else str(row[0])
