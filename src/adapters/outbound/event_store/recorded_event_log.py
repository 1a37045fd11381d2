"""The event log on any store: blocking work goes to threads of its own."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from ....application.listeners import Listener, Listeners
from ....application.ports.clock import Clock
from ....application.ports.event_log import Change, Head, LogUnavailable, Origin, Record
from ....application.verify_log import broken_link
from .appends import Append, Appender
from .drafts import Drafter
from .envelope import EnvelopeMapper, damaged
from .fact_codec import FactCodec
from .group_commit import GroupCommitThread
from .store import Store

P = ParamSpec("P")
T = TypeVar("T")

READERS = 4
"""Threads that read: more buy nothing, Python decodes in one at a time."""


class RecordedEventLog:
    """EventLog on a Store; bound to no event loop."""

    def __init__(self, store: Store, clock: Clock, software: str, codec: FactCodec | None = None) -> None:
        self._store = store
        self._clock = clock
        self._mapper = EnvelopeMapper(codec)
        self._writer = GroupCommitThread(Appender(store, Drafter(store, self._mapper, software)).write)
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="event-log-reader")
        self._listeners = Listeners()
        self._closed = False

    @property
    def owner(self) -> str:
        """Random id born with the log (16 hex digits)."""
        return self._store.owner

    async def append(self, changes: Sequence[Change], origin: Origin) -> tuple[Record, ...]:
        """Append all changes or none, durably, together with what other callers append meanwhile."""
        kept = tuple(change for change in changes if change.facts)
        if not kept:
            return ()
        append = Append(kept, origin, self._clock.now(), asyncio.get_running_loop(), self._listeners.tell)
        # From here on the append can't be taken back, so nothing may cancel its future.
        append.done.set_running_or_notify_cancel()
        if not self._writer.put(append):
            raise LogUnavailable("the log is closed")
        return await asyncio.shield(asyncio.wrap_future(append.done))

    async def read(self, stream: str, after: int = 0, limit: int | None = None) -> tuple[Record, ...]:
        """Records of one stream above `after`; also raises LogDamaged where their chain is broken."""
        return await self._in_thread(self._read, stream, after, limit)

    async def read_all(
        self, after: int = 0, limit: int = 1000, names: Collection[str] = ()
    ) -> tuple[Record, ...]:
        """Records of all streams above `after`; their chains are checked by `verify_log`, not here."""
        return await self._in_thread(self._read_all, after, limit, tuple(names))

    async def heads(self, names: Collection[str], after: int, limit: int) -> tuple[Head, ...]:
        """Where facts with these stored names lie above the position `after`, in order, at most `limit`."""
        return tuple(await self._in_thread(self._store.heads, names, after, limit))

    async def streams(self, prefix: str, limit: int) -> tuple[str, ...]:
        """Names of streams that begin with `prefix`, sorted by code points, at most `limit`."""
        return tuple(await self._in_thread(self._store.streams, prefix, limit))

    async def position(self) -> int:
        """Position of the last record; 0 for an empty log."""
        return await self._in_thread(self._store.position)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` on the event loop with each batch that this process appends."""
        return self._listeners.add(listener)

    async def close(self) -> None:
        """Wait for appends under way and let go of the store; safe to repeat."""
        if not self._closed:
            self._closed = True
            await asyncio.shield(asyncio.to_thread(self._close))

    def _close(self) -> None:
        self._writer.close()
        self._readers.shutdown()
        self._store.close()

    async def _in_thread(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        if self._closed:
            raise LogUnavailable("the log is closed")
        return await asyncio.wrap_future(self._readers.submit(work, *args, **kwargs))

    def _read(self, stream: str, after: int, limit: int | None) -> tuple[Record, ...]:
        # The record before the first one asked for is read too: the chain begins with it.
        stored = self._store.stream(stream, max(after - 1, 0), limit and limit + (after > 0))
        records = [self._mapper.to_record(event) for event in stored]
        last = records.pop(0) if after and records and records[0].version == after else None
        for event, record in zip(stored[1 if last else 0 :], records, strict=True):
            if why := broken_link(last, record):
                raise damaged(event, why)
            last = record
        return tuple(records)

    def _read_all(self, after: int, limit: int, names: Collection[str]) -> tuple[Record, ...]:
        return tuple(map(self._mapper.to_record, self._store.page(after, limit, names)))
