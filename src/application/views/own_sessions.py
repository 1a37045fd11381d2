"""Which sessions a user ever asked for."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from attrs import frozen

from ...domain.session import SessionRequested
from ..ports.event_log import EventLog, Record
from .reading import pages

NAMES = ("session.requested", "session.ended", "session.failed")
"""Facts that begin and end a session."""


@frozen
class Asked:
    """One session that was asked for."""

    session: str
    requested: datetime
    """UTC."""


class OwnSessions:
    """Follows the log: the first look reads all of it, later ones only what is new."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._after = 0
        self._asked: dict[tuple[str, int], list[Asked]] = {}
        self._open: set[str] = set()
        self._turn = asyncio.Lock()

    async def of(self, hub: str, user: int, since: datetime, *, active: bool | None = None) -> Sequence[str]:
        """Ids of the sessions that a user (by id) of a hub asked for since a time (aware), newest first.

        `active`: only those that are not over, or only those that are. Raises LogUnavailable, LogDamaged.
        """
        async with self._turn:
            async for page in pages(self._log, self._after, names=NAMES):
                for record in page:
                    self._take(record)
                self._after = page[-1].position
        return [
            each.session
            for each in reversed(self._asked.get((hub, user), []))
            if each.requested >= since and active in (None, each.session in self._open)
        ]

    def _take(self, record: Record) -> None:
        id_ = record.stream.removeprefix("session:")
        if isinstance(record.fact, SessionRequested):
            server = record.fact.server
            self._asked.setdefault((server.hub, server.user), []).append(Asked(id_, record.time))
            self._open.add(id_)
        else:
            self._open.discard(id_)
