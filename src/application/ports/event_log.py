"""The event log: the truth; everything else is a view of it."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Protocol

from attrs import frozen

from ...domain.catalogue import Fact


@frozen
class Origin:
    """Who makes a change, and for whom."""

    actor: str
    """`hub`, `driver`, `reconcile`, `cli`, …"""
    on_behalf_of: str | None = None
    """The user it is done for, by the hub's user id as text; None when nobody asked."""
    request_id: str | None = None
    """Joins what one request caused; None outside a request."""


@frozen
class Change:
    """Facts to append to one stream."""

    stream: str
    """`session:<id>`, `resource:<id>`, `deployment:<id>`, `pool:<name>`, `configuration:<hub>`."""
    expected: int
    """How many facts the stream had when the decision was made; 0 for a new stream."""
    facts: tuple[Fact, ...]


@frozen
class Record:
    """A fact in its envelope, as it lies in the log."""

    stream: str
    version: int
    """1 for the first fact of a stream."""
    position: int
    """Place in the whole log; grows, with gaps allowed."""
    name: str
    """Stored name, such as `session.requested`."""
    time: datetime
    """UTC."""
    actor: str
    on_behalf_of: str | None
    request_id: str | None
    software: str
    """Version of this package that wrote it."""
    previous: str
    """SHA-256 (hex) of the stream's previous record as stored; empty for the first."""
    fact: Fact
    digest: str = ""
    """SHA-256 (hex) of this record as stored; the `previous` of the stream's next one."""


@frozen
class Head:
    """Where a fact lies and what it is called, without what it says."""

    position: int
    stream: str
    name: str


class Clash(Exception):
    """Somebody else appended to one of the streams: load again and decide again."""


class LogUnavailable(Exception):
    """The log can't be read or written now; a retry may help. Nothing was appended, as far as is known."""


class LogDamaged(Exception):
    """A record can't be read or the hash chain is broken; a retry does not help.

    `stream`, `version` and `position` name the record, as far as they are known.
    """

    def __init__(
        self, message: str, stream: str | None = None, version: int | None = None, position: int | None = None
    ) -> None:
        super().__init__(message)
        self.stream = stream
        self.version = version
        self.position = position


class EventLog(Protocol):
    """Appends and reads; safe to call from the event loop (blocking work is done elsewhere)."""

    @property
    def owner(self) -> str:
        """Random id born with the log (16 hex digits); what is tagged with it is ours."""

    async def append(self, changes: Sequence[Change], origin: Origin) -> tuple[Record, ...]:
        """Append all changes or none, durably; returns their records in order.

        Empty changes are left out; nothing to append returns (). Cancelling the caller does not undo an
        append under way. Raises Clash, LogUnavailable. Not safe to repeat, except after Clash.
        """

    async def read(self, stream: str, after: int = 0, limit: int | None = None) -> tuple[Record, ...]:
        """Records of one stream with a version above `after`, in order, at most `limit`; None for all.

        () for an unknown stream.
        """

    async def read_all(
        self, after: int = 0, limit: int = 1000, names: Collection[str] = ()
    ) -> tuple[Record, ...]:
        """Records of all streams with a position above `after`, in order, at most `limit`.

        `names` keeps only facts with these stored names; empty keeps all.
        """

    async def heads(self, names: Collection[str], after: int, limit: int) -> tuple[Head, ...]:
        """Where facts with these stored names lie above the position `after`, in order, at most `limit`.

        Many times cheaper than reading them, and not checked: what they say may be damaged.
        """

    async def streams(self, prefix: str, limit: int) -> tuple[str, ...]:
        """Names of streams that begin with `prefix`, sorted by code points, at most `limit`."""

    async def position(self) -> int:
        """Position of the last record; 0 for an empty log."""

    def subscribe(self, listener: Callable[[tuple[Record, ...]], None]) -> Callable[[], None]:
        """Have `listener` called on the event loop with each batch that this process appends, in order.

        Returns a function that ends it (safe to repeat). A listener that raises is logged and kept.
        """

    async def close(self) -> None:
        """Wait for appends under way and let go of the store; safe to repeat."""
