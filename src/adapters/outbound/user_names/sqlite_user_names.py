"""Names in a small SQLite file of their own."""

import asyncio
import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ....application.ports.user_names import UserNamesUnavailable

Row = tuple[Any, ...]

CREATE = (
    "CREATE TABLE IF NOT EXISTS user_names (hub TEXT, user_id INTEGER, name TEXT, PRIMARY KEY (hub, user_id))"
)


class SqliteUserNames:
    """Keeps them in `path` (0600), opened for each call; an erased name is overwritten in the file.

    Reading changes nothing on the disk; without a file there are no names.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    async def remember(self, hub: str, user: int, name: str) -> None:
        """Know the user by this name from now on."""
        # what is known already is not written again: each start remembers, and a write waits for the disk
        if await self.name(hub, user) != name:
            await self._write("REPLACE INTO user_names VALUES (?, ?, ?)", hub, user, name)

    async def name(self, hub: str, user: int) -> str | None:
        """The user's name; None if it was never known or was erased."""
        rows = await self._read("SELECT name FROM user_names WHERE hub = ? AND user_id = ?", hub, user)
        return str(rows[0][0]) if rows else None

    async def find(self, name: str) -> tuple[tuple[str, int], ...]:
        """Who is known by this name, as (hub, user id), sorted."""
        rows = await self._read("SELECT hub, user_id FROM user_names WHERE name = ?", name)
        return tuple(sorted((str(hub), int(user)) for hub, user in rows))

    async def forget(self, name: str) -> int:
        """Erase all rows with this name; returns how many there were."""
        return await self._write("DELETE FROM user_names WHERE name = ?", name)

    async def _read(self, query: str, *parameters: str | int) -> list[Row]:
        return await asyncio.to_thread(self._selected, query, parameters)

    async def _write(self, statement: str, *parameters: str | int) -> int:
        return await asyncio.to_thread(self._changed, statement, parameters)

    def _selected(self, query: str, parameters: Row) -> list[Row]:
        with self._translated():
            if not self._path.exists():
                return []
            uri = f"file:{quote(bytes(self._path))}?mode=ro"
            with contextlib.closing(sqlite3.connect(uri, uri=True)) as database:
                # made a moment ago, it may have no table yet
                has_table = database.execute(
                    "SELECT 1 FROM sqlite_master WHERE name = 'user_names'"
                ).fetchone()
                return database.execute(query, parameters).fetchall() if has_table else []

    def _changed(self, statement: str, parameters: Row) -> int:
        with self._translated(), self._opened() as database, database:
            return database.execute(statement, parameters).rowcount

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
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
