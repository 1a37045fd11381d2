"""Claims as advisory locks of PostgreSQL: they end with the connection that holds them."""

import asyncio
import contextlib
import hashlib
import os
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

import psycopg

from ....application.ports.claims import ClaimsUnavailable
from ..postgres import PostgresAddress

P = ParamSpec("P")
T = TypeVar("T")


class PostgresAdvisoryClaims:
    """Session-level locks on one connection of its own, used by one thread.

    A lost connection ends all claims: `holds` says so. The server frees them when it notices, for a killed
    process at once. A child that is forked without exec would keep the connection open: it closes it.
    """

    def __init__(self, address: PostgresAddress) -> None:
        self._address = address
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="claims")
        self._connection: psycopg.Connection[tuple[Any, ...]] | None = None
        self._held: set[str] = set()
        mine = weakref.ref(self)
        os.register_at_fork(after_in_child=lambda: _leave_to_parent(mine()))

    async def take(self, resource: str) -> bool:
        """Try to lock; False when another session has the lock; never waits for it."""
        return await self._in_thread(self._take, resource)

    async def holds(self, resource: str) -> bool:
        """Whether we locked it and the connection still answers."""
        return await self._in_thread(self._holds, resource)

    async def give_back(self, resource: str) -> None:
        """Unlock; safe to repeat."""
        await self._in_thread(self._give_back, resource)

    async def close(self) -> None:
        """End the connection, and with it all claims; safe to repeat."""
        await self._in_thread(self._drop)

    def _take(self, resource: str) -> bool:
        if not self._answers():
            self._connection = self._address.connect()
        if resource in self._held:
            return True
        if taken := self._ask("SELECT pg_try_advisory_lock(%s)", _key(resource)):
            self._held.add(resource)
        return taken

    def _holds(self, resource: str) -> bool:
        return resource in self._held and self._answers() and resource in self._held

    def _give_back(self, resource: str) -> None:
        if resource in self._held:
            self._held.discard(resource)
            self._ask("SELECT pg_advisory_unlock(%s)", _key(resource))

    def _answers(self) -> bool:
        """Whether the connection is alive; forgets all claims when it isn't."""
        if self._connection is not None:
            with contextlib.suppress(psycopg.Error):
                return self._ask("SELECT %s = 1", 1)
        return False

    def _ask(self, query: Any, key: int) -> bool:
        assert self._connection is not None
        try:
            row = self._connection.execute(query, (key,)).fetchone()
        except psycopg.Error:
            self._drop()
            raise
        return bool(row and row[0])

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        self._held.clear()
        if connection is not None:
            connection.close()

    async def _in_thread(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        # Shielded: a lock that is taken for a caller who has gone must be known as taken.
        try:
            return await asyncio.shield(asyncio.wrap_future(self._thread.submit(work, *args, **kwargs)))
        except psycopg.Error as error:
            raise ClaimsUnavailable(f"claims in {self._address} can't be known now: {error}") from error


def _key(resource: str) -> int:
    digest = hashlib.sha256(b"multiplespawner:" + resource.encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def _leave_to_parent(claims: PostgresAdvisoryClaims | None) -> None:
    if claims is not None and claims._connection is not None:
        # Only the descriptor: closing the connection itself would end the parent's session.
        os.close(claims._connection.fileno())
        claims._connection = None
        claims._held.clear()
