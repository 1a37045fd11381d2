"""Which resources may still be held."""

from collections.abc import Mapping

from ...domain.resource import ResourceRequested
from ..ports.event_log import EventLog, Record
from .reading import pages

NAMES = ("resource.requested", "resource.released")
"""Facts that open and close a resource."""


class OpenResources:
    """Follows the log: the first look reads all of it, later ones only what is new."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._after = 0
        self._held: dict[str, str] = {}

    async def held(self) -> Mapping[str, str]:
        """Ids of the resources that were requested and not released, each with its provider's name."""
        async for page in pages(self._log, self._after, names=NAMES):
            for record in page:
                self._take(record)
            self._after = max(self._after, page[-1].position)
        return dict(self._held)

    def _take(self, record: Record) -> None:
        id_ = record.stream.removeprefix("resource:")
        if isinstance(record.fact, ResourceRequested):
            self._held[id_] = record.fact.provider
        else:
            self._held.pop(id_, None)
