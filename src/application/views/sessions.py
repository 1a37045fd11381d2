"""The sessions that there are and were, one row each."""

from collections.abc import AsyncIterator, Iterable
from datetime import datetime
from typing import Self

from attrs import evolve as change
from attrs import frozen

from ...domain.session import (
    Session,
    SessionFact,
    SessionPhase,
    SessionStarted,
    evolve,
)
from ...domain.values import ServerId
from ..ports.event_log import EventLog, Record
from .lives import life, lives
from .resources import held_rows

NAMES = (
    "session.requested",
    "session.placed",
    "session.started",
    "session.expiry_set",
    "session.stop_requested",
    "session.ended",
    "session.failed",
)


@frozen
class SessionRow:
    """One session as a table shows it; times in UTC, None where it has not happened."""

    session: str
    hub: str
    user: int
    """The hub's user id."""
    spawner: int
    """The hub's row id of the spawner."""
    offer: str
    provider: str
    resource: str | None
    phase: SessionPhase
    requested: datetime
    started: datetime | None
    ended: datetime | None
    """When it ended or failed."""
    deadline: datetime | None
    reason: str | None
    """Why it ended; the code when it failed."""
    message: str | None
    """What failed, for the user."""


@frozen
class _Told:
    """What was told of one session so far."""

    requested: datetime
    state: Session
    started: datetime | None = None
    ended: datetime | None = None

    @property
    def is_over(self) -> bool:
        return self.state.is_over

    def with_(self, record: Record) -> Self:
        if not isinstance(record.fact, SessionFact):
            return self
        told = change(self, state=evolve(self.state, record.fact))
        if isinstance(record.fact, SessionStarted):
            return change(told, started=record.time)
        return change(told, ended=record.time) if told.is_over else told

    def row(self, session_id: str) -> SessionRow:
        state = self.state
        server = state.server or ServerId("", 0, 0)
        offer = state.selection.offer if state.selection else ""
        return SessionRow(
            session=session_id,
            hub=server.hub,
            user=server.user,
            spawner=server.spawner,
            offer=offer,
            provider=offer.partition("/")[0],
            resource=state.resource,
            phase=state.phase,
            requested=self.requested,
            started=self.started,
            ended=self.ended,
            deadline=state.deadline,
            reason=state.reason,
            message=state.message,
        )


def _begun(time: datetime) -> _Told:
    return _Told(time, Session())


def row_of(session_id: str, records: Iterable[Record]) -> SessionRow | None:
    """The row of one session from records in order, also of other streams; None without any of its own."""
    told: _Told | None = None
    for record in records:
        if isinstance(record.fact, SessionFact):
            told = (told or _begun(record.time)).with_(record)
    return told.row(session_id) if told else None


async def session_row(log: EventLog, session_id: str, until: int | None = None) -> SessionRow | None:
    """The row of one session, as it was at the position `until` (None: now); None for an unknown one.

    Raises LogUnavailable, LogDamaged.
    """
    told = await life(log, f"session:{session_id}", _begun, until)
    return told.row(session_id) if told else None


async def session_rows(
    log: EventLog, since: datetime | None = None, until: int | None = None, *, active: bool = False
) -> AsyncIterator[SessionRow]:
    """Sessions requested since a time (None: all), as they were at the position `until` (None: now).

    Each comes when it is over, then those that are not, as they were requested; with `active` only these.
    Raises LogUnavailable, LogDamaged.
    """
    if active and until is None:
        async for row in _active_rows(log):
            if since is None or row.requested >= since:
                yield row
        return
    async for id_, told in lives(log, NAMES, _begun, since, until):
        if not (active and told.is_over):
            yield told.row(id_)


async def _active_rows(log: EventLog) -> AsyncIterator[SessionRow]:
    # whatever is not over holds a resource: few do, and the log is read for no more than these
    async for held in held_rows(log):
        row = await session_row(log, held.session) if held.session else None
        if row is not None and row.ended is None:
            yield row
