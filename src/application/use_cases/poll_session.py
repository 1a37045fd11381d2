"""Poll a session: what the log says, and while it runs what its notebook says."""

import logging
from datetime import datetime, timedelta

from attrs import field, frozen

from ...domain.deployment import RecordSpawnerExited
from ...domain.refusals import OutOfOrder
from ...domain.session import RequestStop, Session, SessionPhase
from ..driver import Driver
from ..failures import kinds
from ..ledger import Known, Ledger
from ..origins import hub_for
from ..performing import Performer
from ..ports.clock import Clock
from ..ports.event_log import LogDamaged, LogUnavailable
from ..ports.inner_spawner import Liveness, Polled

_logger = logging.getLogger("multiplespawner.sessions")

GRACE = timedelta(minutes=5)
"""How long a notebook of which nothing is known counts as running."""


@frozen
class PollSession:
    """Polls sessions."""

    ledger: Ledger
    driver: Driver
    performer: Performer
    clock: Clock
    grace: timedelta = GRACE
    _unknown_since: dict[str, datetime] = field(factory=dict, init=False)

    async def __call__(self, session_id: str) -> int | None:
        """None while the session has not ended, then its exit status, always the same; never raises.

        A session that was never requested has status 0. In doubt (the log is away) it has not ended.
        """
        try:
            return await self._poll(session_id)
        except (LogUnavailable, LogDamaged) as error:
            _logger.warning("Session %s can't be polled now: %s", session_id, error)
        except Exception as error:
            _logger.error("Session %s can't be polled, it counts as running: %s", session_id, kinds(error))
        return None

    async def _poll(self, session_id: str) -> int | None:
        session = await self.ledger.session(session_id)
        if session.is_over:
            self._unknown_since.pop(session_id, None)
        if session.phase is SessionPhase.RUNNING and session.stop is None:
            session = await self._ask(session_id, session)
        if session.phase is SessionPhase.NEW:
            return 0
        return (session.status or 0) if session.is_over else None

    async def _ask(self, session_id: str, session: Session) -> Session:
        if await self._surely_runs(session_id):
            self._unknown_since.pop(session_id, None)
            return session
        known = await self.ledger.world(session.resource or "")
        polled = await self.performer.poll(known.world)
        if polled.liveness is not Liveness.UNKNOWN:
            self._unknown_since.pop(session_id, None)
        match polled.liveness:
            case Liveness.GONE:
                return await self._gone(known, polled)
            case Liveness.UNKNOWN:
                await self._unknown(known, polled)
        return session

    async def _surely_runs(self, session_id: str) -> bool:
        """The usual answer, for which no more has to be read."""
        inner = self.performer.spawners.of(session_id)
        return inner is not None and (await inner.poll()).liveness is Liveness.RUNNING

    async def _gone(self, known: Known, polled: Polled) -> Session:
        try:
            exited = RecordSpawnerExited(polled.status or 0)
            known = await self.ledger.record(known, (exited,), hub_for(known.world.session))
        except OutOfOrder:
            known = await self.ledger.world(known.world.resource_id)
        self.driver.wake(known.world.resource_id)
        return known.world.session

    async def _unknown(self, known: Known, polled: Polled) -> None:
        world, now = known.world, self.clock.now()
        since = self._unknown_since.setdefault(world.session_id, now)
        _logger.warning("Nothing is known of session %s: %s", world.session_id, polled.detail)
        if now - since >= self.grace:
            self._unknown_since.pop(world.session_id)
            stop = RequestStop("system", "unreachable")
            await self.ledger.record(known, (stop,), hub_for(world.session))
            self.driver.wake(world.resource_id)
