"""An event log in memory."""

import asyncio
import hashlib
import secrets
from collections.abc import Callable, Collection, Sequence

from attrs import evolve

from ...application.listeners import Listener, Listeners
from ...application.ports.clock import Clock
from ...application.ports.event_log import Change, Clash, Head, LogUnavailable, Origin, Record
from ...domain.catalogue import NAMES


class MemoryEventLog:
    """Forgets everything with the test; `shared_with` another one it is the same log in another process."""

    def __init__(
        self, clock: Clock, software: str = "test", shared_with: "MemoryEventLog | None" = None
    ) -> None:
        self._clock = clock
        self._software = software
        self._records: list[Record] = shared_with._records if shared_with else []
        self._owner = shared_with.owner if shared_with else secrets.token_hex(8)
        self._listeners = Listeners()
        self._closed = False

    @property
    def owner(self) -> str:
        """Random id born with the log (16 hex digits)."""
        return self._owner

    async def append(self, changes: Sequence[Change], origin: Origin) -> tuple[Record, ...]:
        """Append all changes or none."""
        self._check_open()
        added: list[Record] = []
        for change in changes:
            self._chain(change, origin, added)
        self._records.extend(added)
        if added:
            self._listeners.tell(tuple(added))
        # A caller that is cancelled finds out after the append, as with a log on a disk.
        await asyncio.sleep(0)
        return tuple(added)

    async def read(self, stream: str, after: int = 0, limit: int | None = None) -> tuple[Record, ...]:
        """Records of one stream with a version above `after`, in order, at most `limit`."""
        self._check_open()
        return tuple(r for r in self._records if r.stream == stream and r.version > after)[:limit]

    async def read_all(
        self, after: int = 0, limit: int = 1000, names: Collection[str] = ()
    ) -> tuple[Record, ...]:
        """Records of all streams with a position above `after`, in order, at most `limit`."""
        self._check_open()
        return tuple(r for r in self._records[after:] if not names or r.name in names)[:limit]

    async def heads(self, names: Collection[str], after: int, limit: int) -> tuple[Head, ...]:
        """Where facts with these stored names lie above the position `after`, in order, at most `limit`."""
        self._check_open()
        found = (r for r in self._records[after:] if r.name in names)
        return tuple(Head(r.position, r.stream, r.name) for r in found)[:limit]

    async def streams(self, prefix: str, limit: int) -> tuple[str, ...]:
        """Names of streams that begin with `prefix`, sorted, at most `limit`."""
        self._check_open()
        return tuple(sorted({r.stream for r in self._records if r.stream.startswith(prefix)})[:limit])

    async def position(self) -> int:
        """Position of the last record; 0 for an empty log."""
        self._check_open()
        return len(self._records)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` with each batch appended through this object."""
        return self._listeners.add(listener)

    async def close(self) -> None:
        """Refuse to be used from now on."""
        self._closed = True

    def _check_open(self) -> None:
        if self._closed:
            raise LogUnavailable("the log is closed")

    def _chain(self, change: Change, origin: Origin, added: list[Record]) -> None:
        before = [r for r in (*self._records, *added) if r.stream == change.stream]
        if change.facts and len(before) != change.expected:
            raise Clash(f"{change.stream} has {len(before)} records, not {change.expected}")
        previous = before[-1].digest if before else ""
        for version, fact in enumerate(change.facts, change.expected + 1):
            record = Record(
                stream=change.stream,
                version=version,
                position=len(self._records) + len(added) + 1,
                name=NAMES[type(fact)],
                time=self._clock.now(),
                actor=origin.actor,
                on_behalf_of=origin.on_behalf_of,
                request_id=origin.request_id,
                software=self._software,
                previous=previous,
                fact=fact,
            )
            previous = hashlib.sha256(repr(record).encode()).hexdigest()
            added.append(evolve(record, digest=previous))
