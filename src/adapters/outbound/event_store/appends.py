"""What the writing thread does with a batch of appends."""

import asyncio
import logging
from collections.abc import Sequence
from concurrent.futures import Future
from datetime import datetime

from attrs import field, frozen

from ....application.listeners import Listener
from ....application.ports.event_log import Change, Clash, Origin, Record
from .drafts import Draft, Drafter
from .store import Store

log = logging.getLogger(__name__)


@frozen(eq=False)
class Append:
    """An append that its caller waits for."""

    changes: tuple[Change, ...]
    origin: Origin
    time: datetime
    loop: asyncio.AbstractEventLoop
    """Where the listeners are called."""
    announce: Listener
    done: "Future[tuple[Record, ...]]" = field(factory=Future)

    def succeed(self, records: tuple[Record, ...]) -> None:
        """Tell the listeners, then the caller."""
        try:
            self.loop.call_soon_threadsafe(self.announce, records)
        except RuntimeError:
            log.warning("an append outlived its event loop; nobody was told of it")
        self.done.set_result(records)


class Appender:
    """Writes appends in one transaction if it can, and one by one if one of them clashes."""

    def __init__(self, store: Store, drafter: Drafter) -> None:
        self._store = store
        self._drafter = drafter

    def write(self, appends: Sequence[Append]) -> None:
        """Settle every append: it has its records or its error afterwards."""
        try:
            drafts = [(append, draft) for append in appends if (draft := self._draft(append))]
            if len(drafts) < 2 or not self._together(drafts):
                for append, draft in drafts:
                    self._alone(append, draft)
        except Exception as error:
            for append in appends:
                if not append.done.done():
                    append.done.set_exception(error)

    def _draft(self, append: Append) -> Draft | None:
        try:
            return self._drafter.draft(append.changes, append.origin, append.time)
        except Exception as error:
            append.done.set_exception(error)
            return None

    def _together(self, drafts: Sequence[tuple[Append, Draft]]) -> bool:
        try:
            positions = iter(self._store.insert([event for _, draft in drafts for event in draft.stored]))
        except Clash:
            return False
        for append, draft in drafts:
            self._settle(append, draft.records([next(positions) for _ in draft.stored]))
        return True

    def _alone(self, append: Append, draft: Draft) -> None:
        try:
            self._settle(append, draft.records(self._insert(draft)))
        except Exception as error:
            append.done.set_exception(error)

    def _insert(self, draft: Draft) -> Sequence[int]:
        try:
            return self._store.insert(draft.stored)
        except Clash:
            # A database that is asked again after a lost reply finds its own first answer in the way.
            if positions := self._already_written(draft):
                return positions
            raise

    def _already_written(self, draft: Draft) -> Sequence[int]:
        positions = []
        for event in draft.stored:
            found = self._store.stream(str(event.originator_id), event.originator_version - 1, limit=1)
            if not found or found[0].state != event.state:
                return ()
            positions.append(found[0].id)
        return positions

    def _settle(self, append: Append, records: tuple[Record, ...]) -> None:
        self._drafter.remember(records)
        append.succeed(records)
