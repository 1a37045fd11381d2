"""Keeping an inner spawner's state durable while it starts."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any

from ...domain.deployment import RecordSpawnerState
from ...domain.refusals import OutOfOrder
from ..ledger import Ledger
from ..ports.event_log import Origin
from ..ports.private_store import PrivateStore

OnState = Callable[[Mapping[str, Any]], None]


class StateKeeper:
    """Writes the newest state to the private store and its digest to the log, one after the other."""

    def __init__(
        self, ledger: Ledger, private: PrivateStore, resource_id: str, deployment_id: str, origin: Origin
    ) -> None:
        self._ledger = ledger
        self._private = private
        self._resource_id = resource_id
        self._key = f"deployment/{deployment_id}/state"
        self._origin = origin
        self._newest: Mapping[str, Any] | None = None
        self._changed = asyncio.Event()
        self._finished = False

    async def watch(self, start: Callable[[OnState], Awaitable[str]]) -> str:
        """Call `start` with our listener; returns what it returns once the last state is durable."""
        writer = asyncio.create_task(self._write())
        try:
            return await start(self._take)
        finally:
            self._finished = True
            self._changed.set()
            await writer

    def _take(self, state: Mapping[str, Any]) -> None:
        self._newest = state
        self._changed.set()

    async def _write(self) -> None:
        while not self._finished or self._newest is not None:
            await self._changed.wait()
            self._changed.clear()
            if self._newest is not None:
                state, self._newest = self._newest, None
                await self._keep(state)

    async def _keep(self, state: Mapping[str, Any]) -> None:
        digest = await self._private.put(self._key, state)
        known = await self._ledger.world(self._resource_id)
        # once the notebook is gone its state tells nothing any more
        with suppress(OutOfOrder):
            await self._ledger.record_surely(known, (RecordSpawnerState(digest),), self._origin)
