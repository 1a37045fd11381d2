"""Which resources may still be held."""

import asyncio
from collections.abc import Mapping

from ...domain.resource import ResourceRequested
from ..ports.event_log import EventLog, LogDamaged

OPENS, CLOSES = NAMES = ("resource.requested", "resource.released")
"""Facts that open and close a resource."""
PAGE = 5000
"""Heads that are folded before others get a turn: about 1 ms on the event loop."""


class OpenResources:
    """Follows the log: the first look goes through all of it, later ones only through what is new."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._after = 0
        self._held: dict[str, str] = {}
        self._turn = asyncio.Lock()

    async def held(self) -> Mapping[str, str]:
        """Ids of the resources that were requested and not released, each with its provider's name.

        The name is empty where it can't be read. Raises LogUnavailable.
        """
        async with self._turn:
            await self._follow()
            return {id_: provider or await self._look_up(id_) for id_, provider in self._held.items()}

    async def _follow(self) -> None:
        while heads := await self._log.heads(NAMES, self._after, PAGE):
            for head in heads:
                id_ = head.stream.removeprefix("resource:")
                if head.name == OPENS:
                    self._held[id_] = ""
                else:
                    self._held.pop(id_, None)
            self._after = heads[-1].position

    async def _look_up(self, id_: str) -> str:
        try:
            records = await self._log.read(f"resource:{id_}", limit=1)
        except LogDamaged:
            # whoever sees to the resource tells of it; the others are seen to
            return ""
        for fact in (record.fact for record in records):
            if isinstance(fact, ResourceRequested):
                self._held[id_] = fact.provider
        return self._held[id_]
