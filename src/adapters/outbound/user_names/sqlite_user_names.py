"""Names in a small SQLite file of their own."""

import asyncio
import contextlib
import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from ....application.ports.user_names import UserNamesUnavailable

T = TypeVar("T")

CREATE = (
    "CREATE TABLE IF NOT EXISTS user_names (hub TEXT, user_id INTEGER, name TEXT, PRIMARY KEY (hub, user_id))"
)


class SqliteUserNames:
    """Keeps them in `path` (0600), opened for each call; an erased name is overwritten in the file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def remember(self, hub: str, user: int, name: str) -> None:
        """Know the user by this name from now on."""
        # what is known already is not written again: each start remembers, and a write waits for the disk
        if await self.name(hub, user) != name:
            await self._run(
                lambda database: database.execute(
                    "REPLACE INTO user_names VALUES (?, ?, ?)", (hub, user, name)
                )
            )

    async def name(self, hub: str, user: int) -> str | None:
        """The user's name; None if it was never known or was erased."""
        query = "SELECT name FROM user_names WHERE hub = ? AND user_id = ?"
        row = await self._run(lambda database: database.execute(query, (hub, user)).fetchone())
        return None if row is None else str(row[0])

    async def forget(self, name: str) -> int:
        """Erase all rows with this name; returns how many there were."""
        query = "DELETE FROM user_names WHERE name = ?"
        return await self._run(lambda database: database.execute(query, (name,)).rowcount)

    async def _run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        return await asyncio.to_thread(self._in_transaction, work)

    def _in_transaction(self, work: Callable[[sqlite3.Connection], T]) -> T:
        try:
            with self._opened() as database, database:
                return work(database)
        except (sqlite3.Error, OSError) as error:
            raise UserNamesUnavailable(f"{self._path} can't be used now: {error}") from error

    @contextlib.contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            os.close(os.open(self._path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600))
        with contextlib.closing(sqlite3.connect(self._path)) as database:
            database.execute("PRAGMA secure_delete=ON")
            database.execute(CREATE)
            yield database
