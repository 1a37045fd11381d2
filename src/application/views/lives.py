"""The lives of many things of one kind, told in one pass over the log."""

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from typing import Protocol, Self, TypeVar

from ..ports.event_log import EventLog, Record
from .reading import pages, pages_of_stream, position_before


class Life(Protocol):
    """What was told of one thing so far."""

    @property
    def is_over(self) -> bool:
        """Whether nothing more is told of it that matters."""

    def with_(self, record: Record) -> Self:
        """The same and one more of its records."""


L = TypeVar("L", bound=Life)
Begin = Callable[[datetime], L]
"""A life of which nothing was told yet, begun at a time."""


async def life(log: EventLog, stream: str, begin: Begin[L], until: int | None = None) -> L | None:
    """The life that one stream tells, up to the position `until` (None: now); None for an unknown one."""
    told: L | None = None
    async for page in pages_of_stream(log, stream, until=until):
        for record in page:
            told = (told or begin(record.time)).with_(record)
    return told


async def lives(
    log: EventLog, names: Sequence[str], begin: Begin[L], since: datetime | None, until: int | None
) -> AsyncIterator[tuple[str, L]]:
    """By id, those that began since a time (None: all), up to the position `until` (None: now).

    Each comes when it is over, then those that are not, as they began. `names` are the facts that matter, the
    first of which begins a life. Holds only what is not over. Raises LogUnavailable, LogDamaged.
    """
    after = 0 if since is None else await position_before(log, since)
    open_: dict[str, L] = {}
    async for page in pages(log, after, until, names):
        for record in page:
            id_ = record.stream.partition(":")[2]
            if record.name == names[0] and (since is None or record.time >= since):
                open_[id_] = begin(record.time)
            if id_ not in open_:
                continue
            open_[id_] = open_[id_].with_(record)
            if open_[id_].is_over:
                yield id_, open_.pop(id_)
    for id_, told in open_.items():
        yield id_, told
