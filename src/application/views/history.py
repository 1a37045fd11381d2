"""What happened, narrowed down to a user, a session, a resource, a time or some facts."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable, Sequence

from attrs import field, frozen

from ...domain.allowance import AllowanceFact
from ...domain.resource import ResourceReleased, ResourceRequested
from ...domain.session import SessionRequested
from ..ports.event_log import EventLog, Record
from .reading import SessionRecords, pages, position_before
from .subjects import Subject, Subjects
from .wanted import Wanted

POLL = 0.05
"""Seconds between two looks for what another process appends; one costs less than a millisecond."""

BESIDE = 8
"""Positions: an append tells at most so many facts, and those of one append lie side by side."""


@frozen
class Told:
    """A record and what it is about."""

    record: Record
    subject: Subject


@frozen
class History:
    """Reads the log for what is wanted. Every method raises LogUnavailable and LogDamaged."""

    log: EventLog
    wanted: Wanted
    subjects: Subjects = field(init=False)

    @subjects.default
    def _subjects(self) -> Subjects:
        return Subjects(self.log)

    async def until(self, position: int) -> AsyncIterator[Told]:
        """What has happened, up to a position, in order."""
        if self.wanted.last is None:
            async for told in self._found(position):
                yield told
        else:
            for told in await self._last(position, self.wanted.last):
                yield told

    async def after(self, position: int) -> AsyncIterator[Told]:
        """What happens from there on, in order; ends when it is closed or cancelled."""
        while True:
            if (end := await self.log.position()) > position:
                async for told in self._between(position, end):
                    yield told
                position = end
            await asyncio.sleep(POLL)

    async def _last(self, until: int, count: int) -> Iterable[Told]:
        if not self.wanted.is_of_sessions and self.wanted.since is None:
            return await self._tail(until, count)
        kept: deque[Told] = deque(maxlen=count)
        async for told in self._found(until):
            kept.append(told)
        return kept

    async def _tail(self, until: int, count: int) -> Iterable[Told]:
        """The last ones without reading all: wider and wider looks back from the end."""
        wide = max(count, 1)
        while True:
            after = max(until - wide, 0)
            found = [told async for told in self._between(after, until)]
            if len(found) >= count or after == 0:
                return found[max(len(found) - count, 0) :]
            wide *= 4

    async def _found(self, until: int) -> AsyncIterator[Told]:
        if self.wanted.is_of_sessions:
            for record in await self._records_of_sessions(until):
                if (told := await self._told(record)) is not None:
                    yield told
            return
        since = self.wanted.since
        after = 0 if since is None else await position_before(self.log, since)
        async for told in self._between(after, until):
            yield told

    async def _between(self, after: int, until: int) -> AsyncIterator[Told]:
        async for page in pages(self.log, after, until, self.wanted.names):
            await self.subjects.learn(page)
            for record in page:
                if (told := await self._told(record)) is not None:
                    yield told

    async def _told(self, record: Record) -> Told | None:
        subject = await self.subjects.of(record)
        return Told(record, subject) if self.wanted.admits(record, subject) else None

    async def _records_of_sessions(self, until: int) -> list[Record]:
        found: list[Record] = []
        for session in await self._sessions(until):
            own = await SessionRecords(self.log, session, until).now()
            found += [*own, *await self._allowances(own, until)]
        return sorted(found, key=lambda record: record.position)

    async def _sessions(self, until: int) -> list[str]:
        wanted = self.wanted
        if wanted.session is not None:
            return [wanted.session]
        if wanted.resource is not None:
            first = await self.log.read(f"resource:{wanted.resource}", limit=1)
            facts = [record.fact for record in first]
            return [fact.session for fact in facts if isinstance(fact, ResourceRequested)]
        return [
            record.stream.partition(":")[2]
            async for page in pages(self.log, until=until, names=("session.requested",))
            for record in page
            if isinstance(record.fact, SessionRequested)
            and wanted.is_for(record.fact.server.hub, record.fact.server.user)
        ]

    async def _allowances(self, records: Sequence[Record], until: int) -> list[Record]:
        """What counts for a resource against something shared: told with its request and its release."""
        facts = [record.fact for record in records]
        if not any(isinstance(fact, ResourceRequested) and fact.allowances for fact in facts):
            return []
        found: dict[int, Record] = {}
        for end in records:
            if isinstance(end.fact, ResourceRequested | ResourceReleased):
                near = await self.log.read_all(max(end.position - BESIDE, 0), 2 * BESIDE)
                found |= {each.position: each for each in near if _is_about(each, end.stream)}
        return [record for position, record in found.items() if position <= until]


def _is_about(record: Record, stream: str) -> bool:
    return isinstance(record.fact, AllowanceFact) and f"resource:{record.fact.resource}" == stream
