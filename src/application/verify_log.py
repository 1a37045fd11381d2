"""Check the whole log: every record can be read and every stream's hash chain is whole."""

from collections import OrderedDict
from collections.abc import Callable

from attrs import define, field, frozen

from .ports.event_log import EventLog, LogDamaged, Record

PAGE = 1000

REMEMBERED = 10_000
"""Streams whose last record is kept in memory, about 20 MB; the others are looked up."""


@frozen
class Damage:
    """The first bad record of a log, and what is wrong with it."""

    stream: str | None
    version: int | None
    position: int | None
    why: str


@frozen
class Verified:
    """What was found whole so far."""

    records: int = 0
    streams: int = 0
    position: int = 0


def broken_link(last: Record | None, record: Record) -> str | None:
    """What is wrong between a record and the one before it in its stream; `last` is None before the first."""
    if record.version != (last.version + 1 if last else 1):
        return "comes where another record is missing"
    if record.previous != (last.digest if last else ""):
        return "does not follow from the record before it, which was changed or exchanged"
    return None


async def verify_log(
    log: EventLog, told: Callable[[Verified], None] = lambda verified: None
) -> Damage | None:
    """Read the log from its beginning; None when it is whole. Raises LogUnavailable.

    `told` hears after each page what is whole. What it can't see: records cut off at the end of a stream, and
    a log rewritten as a whole.
    """
    chains, verified, limit = _Chains(log), Verified(), PAGE
    while True:
        try:
            records = await log.read_all(verified.position, limit)
        except LogDamaged as error:
            if limit == 1:
                return _damage(error)
            # A page fails as a whole: one by one shows what comes before the unreadable record.
            limit = 1
            continue
        if not records:
            return None
        for record in records:
            if damage := await chains.damage(record):
                told(verified)
                return damage
            verified = _with(verified, record)
        told(verified)


@define
class _Chains:
    """The last record of each stream: those seen lately are remembered, the others looked up."""

    log: EventLog
    last: OrderedDict[str, Record] = field(factory=OrderedDict)

    async def damage(self, record: Record) -> Damage | None:
        """What is wrong with the next record; if nothing, it is the last one of its stream now."""
        try:
            why = broken_link(await self._before(record), record)
        except LogDamaged as error:
            return _damage(error)
        if why is not None:
            return Damage(record.stream, record.version, record.position, why)
        self.last[record.stream] = record
        self.last.move_to_end(record.stream)
        if len(self.last) > REMEMBERED:
            self.last.popitem(last=False)
        return None

    async def _before(self, record: Record) -> Record | None:
        if record.stream in self.last or record.version == 1:
            return self.last.get(record.stream)
        found = await self.log.read(record.stream, record.version - 2, limit=1)
        return found[0] if found and found[0].position < record.position else None


def _with(verified: Verified, record: Record) -> Verified:
    first = record.version == 1
    return Verified(verified.records + 1, verified.streams + first, record.position)


def _damage(error: LogDamaged) -> Damage:
    return Damage(error.stream, error.version, error.position, str(error))
