"""Whoever wants to hear of what an event log's process appends; every log, real or fake, has one of these."""

import logging
from collections.abc import Callable

from .ports.event_log import Record

_logger = logging.getLogger("multiplespawner.events")

Listener = Callable[[tuple[Record, ...]], None]


class Listeners:
    """Called in the order in which they came; one that raises is logged and kept."""

    def __init__(self) -> None:
        self._known: dict[object, Listener] = {}

    def __len__(self) -> int:
        return len(self._known)

    def add(self, listener: Listener) -> Callable[[], None]:
        """Have it called from now on; returns a function that ends it (safe to repeat)."""
        key = object()
        self._known[key] = listener

        def end() -> None:
            self._known.pop(key, None)

        return end

    def tell(self, records: tuple[Record, ...]) -> None:
        """Call all that are there."""
        for listener in tuple(self._known.values()):
            try:
                listener(records)
            except Exception:
                _logger.exception("a listener of the event log failed")
