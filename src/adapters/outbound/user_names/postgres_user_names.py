"""Names in a table of the PostgreSQL database that has the log."""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

import psycopg

from ....application.ports.user_names import UserNamesUnavailable
from ..postgres import PostgresAddress, make_table

T = TypeVar("T")

Connection = psycopg.Connection[tuple[Any, ...]]

CREATE = (
    "CREATE TABLE public.multiplespawner_user_names "
    "(hub text, user_id bigint, name text NOT NULL, PRIMARY KEY (hub, user_id))"
)
REMEMBER = (
    "INSERT INTO public.multiplespawner_user_names VALUES (%s, %s, %s) "
    "ON CONFLICT (hub, user_id) DO UPDATE SET name = excluded.name"
)
NAME = "SELECT name FROM public.multiplespawner_user_names WHERE hub = %s AND user_id = %s"
FIND = "SELECT hub, user_id FROM public.multiplespawner_user_names WHERE name = %s"
FORGET = "DELETE FROM public.multiplespawner_user_names WHERE name = %s"


class PostgresUserNames:
    """Connects for each call: names are asked for once a session."""

    def __init__(self, address: PostgresAddress) -> None:
        self._address = address

    async def remember(self, hub: str, user: int, name: str) -> None:
        """Know the user by this name from now on."""
        await self._run(lambda connection: connection.execute(REMEMBER, (hub, user, name)))

    async def name(self, hub: str, user: int) -> str | None:
        """The user's name; None if it was never known or was erased."""
        row = await self._run(lambda connection: connection.execute(NAME, (hub, user)).fetchone())
        return None if row is None else str(row[0])

    async def find(self, name: str) -> tuple[tuple[str, int], ...]:
        """Who is known by this name, as (hub, user id), sorted."""
        rows = await self._run(lambda connection: connection.execute(FIND, (name,)).fetchall())
        # sorted here: a database sorts text by its language
        return tuple(sorted((str(hub), int(user)) for hub, user in rows))

    async def forget(self, name: str) -> int:
        """Erase all rows with this name; returns how many there were."""
        return await self._run(lambda connection: connection.execute(FORGET, (name,)).rowcount)

    async def _run(self, work: Callable[[Connection], T]) -> T:
        return await asyncio.to_thread(self._connected, work)

    def _connected(self, work: Callable[[Connection], T]) -> T:
        try:
            with self._address.connect() as connection:
                make_table(connection, "multiplespawner_user_names", CREATE)
                return work(connection)
        except psycopg.Error as error:
            raise UserNamesUnavailable(f"names in {self._address} can't be used now: {error}") from error
