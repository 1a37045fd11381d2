"""Reading the log page by page, so that nobody holds all of it."""

from collections.abc import AsyncIterator, Collection
from datetime import datetime, timedelta

from attrs import define, field

from ...domain.session import SessionPlaced
from ..ports.event_log import EventLog, Record

PAGE = 1000
"""Records read, and folded, before others get a turn: about 1 ms on the event loop."""

_MOMENT = timedelta(microseconds=1)

Page = tuple[Record, ...]


async def pages(
    log: EventLog, after: int = 0, until: int | None = None, names: Collection[str] = ()
) -> AsyncIterator[Page]:
    """Records above `after` up to `until` (None: the end of the log), those with `names` (empty: all).

    Raises LogUnavailable, LogDamaged.
    """
    while page := await log.read_all(after, PAGE, names):
        known = _up_to(page, until)
        if known:
            yield known
        if len(known) < PAGE:
            return
        after = page[-1].position


async def pages_of_stream(
    log: EventLog, stream: str, after: int = 0, until: int | None = None
) -> AsyncIterator[Page]:
    """Records of one stream with a version above `after`, up to the position `until` (None: all)."""
    while page := await log.read(stream, after, PAGE):
        known = _up_to(page, until)
        if known:
            yield known
        if len(known) < PAGE:
            return
        after = page[-1].version


async def position_at(log: EventLog, time: datetime) -> int:
    """Position of the last record told at or before `time` (aware); 0 if there is none.

    About 20 single reads in a log of a million: records lie in the order of their times, but for the
    moments by which clocks of several hubs differ.
    """
    low, high = 0, await log.position()
    while low < high:
        middle = (low + high) // 2
        found = await log.read_all(middle, 1)
        if found and found[0].time <= time:
            low = found[0].position
        else:
            high = middle
    return low


async def position_before(log: EventLog, time: datetime) -> int:
    """Position of the last record told before `time`: what comes after it was told since then."""
    return await position_at(log, time - _MOMENT)


@define(eq=False)
class SessionRecords:
    """Follows the streams of one session: its own, and those of the resource and deployment it is on."""

    log: EventLog
    session_id: str
    until: int | None = None
    """The last position that counts; None for all."""
    _read: dict[str, Page] = field(factory=dict, init=False)

    @property
    def streams(self) -> tuple[str, ...]:
        """Names of the streams, as far as they are known."""
        own = f"session:{self.session_id}"
        placed = [r.fact for r in self._read.get(own, ()) if isinstance(r.fact, SessionPlaced)]
        if not placed:
            return (own,)
        return (own, f"resource:{placed[-1].resource}", f"deployment:{placed[-1].deployment}")

    async def now(self) -> Page:
        """All their records, in order; later looks read only what is new. () for an unknown session.

        Raises LogUnavailable, LogDamaged.
        """
        await self._more(f"session:{self.session_id}")
        streams = self.streams
        for stream in streams[1:]:
            await self._more(stream)
        found = (record for stream in streams for record in self._read[stream])
        return tuple(sorted(found, key=lambda record: record.position))

    async def _more(self, stream: str) -> None:
        known = self._read.get(stream, ())
        new = await self.log.read(stream, known[-1].version if known else 0)
        self._read[stream] = (*known, *_up_to(new, self.until))


def _up_to(records: Page, until: int | None) -> Page:
    if until is None:
        return records
    return tuple(record for record in records if record.position <= until)
