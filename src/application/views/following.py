"""Following one session on its way, from the log alone."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import suppress

from ..ports.event_log import EventLog, LogUnavailable, Record
from .expected import Expected
from .progress import Progress, progress_of
from .reading import SessionRecords

_logger = logging.getLogger("multiplespawner.sessions")

LOOK_ANYWAY = 5.0
"""Seconds after which to look though nothing was told: another process may have appended."""


async def follow(
    log: EventLog, session_id: str, expected: Expected, look_anyway: float = LOOK_ANYWAY
) -> AsyncIterator[Progress]:
    """The session's progress: first as it is, then at every change, until it runs or is over.

    One that is not in the log yet is new, and waited for; so is a log that is away. Cancelling it, or
    closing the iterator, is safe. Raises LogDamaged.
    """
    session = SessionRecords(log, session_id)
    told = asyncio.Event()

    def tell(records: tuple[Record, ...]) -> None:
        if any(record.stream in session.streams for record in records):
            told.set()

    last: Progress | None = None
    end = log.subscribe(tell)
    try:
        while last is None or not last.is_settled:
            told.clear()
            found = await _look(session, expected, last)
            if found is not None and found != last:
                last = found
                yield found
                continue
            with suppress(TimeoutError):
                async with asyncio.timeout(look_anyway):
                    await told.wait()
    finally:
        end()


async def _look(session: SessionRecords, expected: Expected, last: Progress | None) -> Progress | None:
    try:
        found = progress_of(session.session_id, await session.now(), last.expected if last else None)
        if found.offer is not None and (last is None or last.offer is None):
            times = await expected.of(found.offer)
            found = progress_of(session.session_id, await session.now(), times)
    except LogUnavailable as error:
        _logger.warning("Session %s is followed, but its log is away: %s", session.session_id, error)
        return None
    return found
