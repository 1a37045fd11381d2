"""What a database must do to hold the log; all calls block."""

from collections.abc import Collection, Sequence
from typing import Protocol

from eventsourcing.persistence import Notification, StoredEvent

from ....application.ports.event_log import Head


class Store(Protocol):
    """Recorders of the library and the owner id beside them.

    Every method may be called from any thread and raises LogUnavailable or LogDamaged.
    """

    @property
    def owner(self) -> str:
        """Random id born with the log (16 hex digits)."""

    def insert(self, events: Sequence[StoredEvent]) -> Sequence[int]:
        """Write all or none in one durable transaction; returns their positions. Also raises Clash."""

    def stream(self, stream: str, after: int, limit: int | None = None) -> Sequence[Notification]:
        """Records of one stream with a version above `after`, in order."""

    def page(self, after: int, limit: int, names: Collection[str]) -> Sequence[Notification]:
        """Records of all streams with a position above `after`, in order; all names when empty."""

    def heads(self, names: Collection[str], after: int, limit: int) -> Sequence[Head]:
        """Where facts with these names lie above the position `after`, in order."""

    def streams(self, prefix: str, limit: int) -> Sequence[str]:
        """Names of streams that begin with `prefix`, sorted by code points."""

    def position(self) -> int:
        """Position of the last record; 0 for an empty log."""

    def close(self) -> None:
        """Let go of the database; safe to repeat."""
