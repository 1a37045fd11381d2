"""Waiting for a session to become something."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ..domain.session import Session
from .ledger import Ledger
from .ports.event_log import EventLog, LogUnavailable, Record

_logger = logging.getLogger("multiplespawner.sessions")

_LOOK_ANYWAY = 5.0
"""Seconds after which to look though nothing was told: another process may have appended."""


class Watching:
    """Tells when a session satisfies a condition, by what is appended here and by looking now and then."""

    def __init__(self, log: EventLog, ledger: Ledger) -> None:
        self._ledger = ledger
        self._waiting: dict[str, list[asyncio.Event]] = {}
        self._end = log.subscribe(self._tell)

    async def until(self, session_id: str, satisfied: Callable[[Session], bool]) -> Session:
        """The session as soon as it satisfies the condition; waits for a log that is away."""
        warned = False
        with self._told_of(f"session:{session_id}") as told:
            while True:
                try:
                    session = await self._ledger.session(session_id)
                    if satisfied(session):
                        return session
                except LogUnavailable as error:
                    if not warned:
                        _logger.warning(
                            "Session %s is waited for, but its log is away: %s", session_id, error
                        )
                    warned = True
                await _wait(told)

    async def until_over(self, session_id: str) -> Session:
        """The session as soon as it is over."""
        return await self.until(session_id, lambda session: session.is_over)

    def close(self) -> None:
        """Listen no longer; safe to repeat."""
        self._end()

    @contextmanager
    def _told_of(self, stream: str) -> Iterator[asyncio.Event]:
        told = asyncio.Event()
        self._waiting.setdefault(stream, []).append(told)
        try:
            yield told
        finally:
            self._waiting[stream].remove(told)
            if not self._waiting[stream]:
                del self._waiting[stream]

    def _tell(self, records: tuple[Record, ...]) -> None:
        for record in records:
            for told in self._waiting.get(record.stream, ()):
                told.set()


async def _wait(told: asyncio.Event) -> None:
    try:
        await asyncio.wait_for(told.wait(), _LOOK_ANYWAY)
    except TimeoutError:
        return
    told.clear()
