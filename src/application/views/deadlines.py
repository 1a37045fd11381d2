"""When the sessions on some resources are to end."""

import asyncio
from collections.abc import Collection, Mapping
from datetime import datetime

from ...domain.resource import ResourceClaimed, ResourceRequested
from ...domain.session import SessionExpirySet
from ..ports.event_log import EventLog
from .reading import pages, pages_of_stream

_NAMES = ("session.expiry_set", "resource.claimed")
"""What can change when a resource becomes free."""


class Deadlines:
    """Knows those of the resources that were asked for last; reads of the log only what is new."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._after = 0
        self._session: dict[str, str] = {}
        """By resource."""
        self._deadline: dict[str, datetime] = {}
        """By session."""
        self._turn = asyncio.Lock()

    async def of(self, resources: Collection[str]) -> Mapping[str, datetime]:
        """By resource; without those that have none. Raises LogUnavailable, LogDamaged."""
        async with self._turn:
            self._forget_all_but(resources)
            await self._follow()
            for resource in resources:
                if resource not in self._session:
                    await self._look_up(resource)
            session_of = {resource: self._session[resource] for resource in resources}
            return {r: self._deadline[s] for r, s in session_of.items() if s in self._deadline}

    def _forget_all_but(self, resources: Collection[str]) -> None:
        self._session = {r: s for r, s in self._session.items() if r in resources}
        used = set(self._session.values())
        self._deadline = {s: time for s, time in self._deadline.items() if s in used}

    async def _follow(self) -> None:
        end = await self._log.position()
        if self._session:
            used = set(self._session.values())
            async for page in pages(self._log, self._after, end, _NAMES):
                for record in page:
                    kind, _, id_ = record.stream.partition(":")
                    if isinstance(record.fact, SessionExpirySet) and id_ in used:
                        self._deadline[id_] = record.fact.deadline
                    elif kind == "resource":
                        # another session's from now on: looked up again
                        self._session.pop(id_, None)
        self._after = end

    async def _look_up(self, resource: str) -> None:
        session = ""
        async for page in pages_of_stream(self._log, f"resource:{resource}"):
            for record in page:
                if isinstance(record.fact, ResourceRequested | ResourceClaimed):
                    session = record.fact.session
        self._session[resource] = session
        async for page in pages_of_stream(self._log, f"session:{session}"):
            for record in page:
                if isinstance(record.fact, SessionExpirySet):
                    self._deadline[session] = record.fact.deadline
