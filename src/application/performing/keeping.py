"""Keeping an inner spawner's state durable while it starts."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any

from ...domain.deployment import RecordSpawnerState
from ...domain.refusals import OutOfOrder
from ..failures import kinds
from ..ledger import Ledger
from ..ports.event_log import LogUnavailable, Origin
from ..ports.private_store import PrivateStore, PrivateStoreUnavailable
from ..waiting import waiting_for

OnState = Callable[[Mapping[str, Any]], None]

_logger = logging.getLogger("multiplespawner.driver")

_AWAY = (LogUnavailable, PrivateStoreUnavailable)

_LONGEST_WAIT = 5
"""Seconds between two attempts at most: somebody waits for this start."""

_GIVEN_UP_LIMIT = 1
"""Seconds that a start that failed or was given up waits for its last state to be durable."""


class StateKeeper:
    """Writes the newest state to the private store and its digest to the log, one after the other.

    While one of them is away it is tried again, and only the newest state is kept.
    """

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

    async def watch(
        self, start: Callable[[OnState], Awaitable[str]]
    ) -> tuple[str, tuple[RecordSpawnerState, ...]]:
        """Call `start` with our listener; what it returns, and the command that tells of its last state.

        The last state is in the private store by then; what it is told together with is one append.
        """
        writer = asyncio.create_task(self._write())
        try:
            url = await start(self._take)
        except BaseException:
            await self._give_up(writer)
            raise
        self._finish()
        await writer
        return url, await self._last()

    async def _give_up(self, writer: asyncio.Task[None]) -> None:
        """Write the last state if that is possible now: why the start did not succeed matters more."""
        self._finish()
        try:
            async with asyncio.timeout(_GIVEN_UP_LIMIT):
                await writer
                await self._write_newest()
        except Exception as error:
            _logger.warning("The last state for %s is not kept: %s", self._resource_id, kinds(error))

    def _finish(self) -> None:
        self._finished = True
        self._changed.set()

    def _take(self, state: Mapping[str, Any]) -> None:
        self._newest = state
        self._changed.set()

    async def _write(self) -> None:
        while True:
            await self._changed.wait()
            if self._finished:
                return
            self._changed.clear()
            async for attempt in waiting_for(*_AWAY, longest=_LONGEST_WAIT):
                with attempt:
                    await self._write_newest()

    async def _last(self) -> tuple[RecordSpawnerState, ...]:
        if self._newest is None:
            return ()
        async for attempt in waiting_for(*_AWAY, longest=_LONGEST_WAIT):
            with attempt:
                return (RecordSpawnerState(await self._private.put(self._key, self._newest)),)
        raise AssertionError("unreachable: attempts are not limited")

    async def _write_newest(self) -> None:
        if self._newest is None:
            return
        state, self._newest = self._newest, None
        try:
            await self._keep(state)
        except _AWAY:
            if self._newest is None:
                self._newest = state
            raise

    async def _keep(self, state: Mapping[str, Any]) -> None:
        digest = await self._private.put(self._key, state)
        known = await self._ledger.world(self._resource_id)
        # once the notebook is gone its state tells nothing any more
        with suppress(OutOfOrder):
            await self._ledger.record(known, (RecordSpawnerState(digest),), self._origin)
