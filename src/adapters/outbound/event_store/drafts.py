"""Appends as stored records, each chained to the one before it."""

import secrets
from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime

from attrs import frozen
from eventsourcing.persistence import StoredEvent

from ....application.ports.event_log import Change, Clash, Origin, Record
from .envelope import Envelope, EnvelopeMapper, Header, digest, record
from .store import Store

REMEMBERED = 10_000
"""Streams whose last digest is kept in memory: about 2 MB."""


@frozen
class Draft:
    """One append as it will lie in the store."""

    envelopes: tuple[Envelope, ...]
    stored: tuple[StoredEvent, ...]
    digests: tuple[str, ...]

    def records(self, positions: Sequence[int]) -> tuple[Record, ...]:
        """What was appended, at these positions."""
        names = [event.topic for event in self.stored]
        return tuple(map(record, self.envelopes, names, positions, self.digests))


class Drafter:
    """Makes drafts; knows the digests of records that were written last. Used by one thread."""

    def __init__(self, store: Store, mapper: EnvelopeMapper, software: str) -> None:
        self._store = store
        self._mapper = mapper
        self._software = software
        self._tips: OrderedDict[str, tuple[int, str]] = OrderedDict()

    def draft(self, changes: Sequence[Change], origin: Origin, time: datetime) -> Draft:
        """Raises Clash where a stream does not have the expected records; LogUnavailable."""
        mark = secrets.token_hex(8)
        tips: dict[str, tuple[int, str]] = {}
        envelopes: list[Envelope] = []
        stored: list[StoredEvent] = []
        digests: list[str] = []
        for change in changes:
            previous = self._tip(change.stream, change.expected, tips.get(change.stream))
            for version, fact in enumerate(change.facts, change.expected + 1):
                header = Header(
                    time, origin.actor, origin.on_behalf_of, origin.request_id, self._software, previous, mark
                )
                envelopes.append(Envelope(change.stream, version, header, fact))
                stored.append(self._mapper.to_stored_event(envelopes[-1]))
                previous = digest(stored[-1])
                digests.append(previous)
                tips[change.stream] = version, previous
        return Draft(tuple(envelopes), tuple(stored), tuple(digests))

    def remember(self, records: Sequence[Record]) -> None:
        """These lie in the log now."""
        for written in records:
            self._tips[written.stream] = written.version, written.digest
            self._tips.move_to_end(written.stream)
        while len(self._tips) > REMEMBERED:
            self._tips.popitem(last=False)

    def _tip(self, stream: str, version: int, drafted: tuple[int, str] | None) -> str:
        if version == 0:
            return ""
        # A record never changes, so a remembered digest holds as long as it is that of this version.
        for known in (drafted, self._tips.get(stream)):
            if known and known[0] == version:
                return known[1]
        found = self._store.stream(stream, version - 1, limit=1)
        if not found or found[0].originator_version != version:
            raise Clash(f"{stream} does not have {version} records")
        return digest(found[0])
