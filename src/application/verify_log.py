"""Check the whole log: every record can be read and every stream's hash chain is whole."""

from collections.abc import Mapping

from attrs import frozen

from .ports.event_log import EventLog, LogDamaged, Record

PAGE = 1000


@frozen
class Damage:
    """The first bad record of a log, and what is wrong with it."""

    stream: str | None
    version: int | None
    position: int | None
    why: str


def broken_link(last: Record | None, record: Record) -> str | None:
    """What is wrong between a record and the one before it in its stream; `last` is None before the first."""
    if record.version != (last.version + 1 if last else 1):
        return "comes where another record is missing"
    if record.previous != (last.digest if last else ""):
        return "does not follow from the record before it, which was changed or exchanged"
    return None


async def verify_log(log: EventLog) -> Damage | None:
    """Read the log from its beginning; None when it is whole. Raises LogUnavailable.

    What it can't see: records cut off at the end of a stream, and a log rewritten as a whole.
    """
    last: dict[str, Record] = {}
    position, limit = 0, PAGE
    while True:
        try:
            records = await log.read_all(position, limit)
        except LogDamaged as error:
            if limit == 1:
                return Damage(error.stream, error.version, error.position, str(error))
            # A page fails as a whole: one by one shows what comes before the unreadable record.
            limit = 1
            continue
        if not records:
            return None
        if damage := _first_damage(records, last):
            return damage
        last.update((record.stream, record) for record in records)
        position = records[-1].position


def _first_damage(records: tuple[Record, ...], before: Mapping[str, Record]) -> Damage | None:
    last = dict(before)
    for record in records:
        if why := broken_link(last.get(record.stream), record):
            return Damage(record.stream, record.version, record.position, why)
        last[record.stream] = record
    return None
