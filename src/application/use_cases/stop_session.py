"""Stop a session: the request is durable before anything is stopped, the driver does the rest."""

import asyncio

from attrs import frozen

from ...domain.session import RequestStop, Session, SessionPhase
from ..driver import Driver
from ..ledger import Ledger
from ..ports.event_log import Origin
from ..watching import Watching


class StillStopping(Exception):
    """The session has not ended in time; it goes on being stopped."""


@frozen
class StopSession:
    """Stops sessions."""

    ledger: Ledger
    driver: Driver
    watching: Watching

    async def __call__(
        self, session_id: str, by: str, why: str, *, now: bool = False, limit: float = 300
    ) -> Session:
        """The session, ended; what it held is given back afterwards. Safe to repeat.

        A session that was never requested is returned new. Raises StillStopping after `limit` seconds.
        """
        session = await self.request(session_id, by, why, now=now)
        if session.phase is SessionPhase.NEW:
            return session
        try:
            return await asyncio.wait_for(self.watching.until(session_id, _is_over), limit)
        except TimeoutError:
            raise StillStopping(f"session {session_id} has not ended within {limit:g} s") from None

    async def request(self, session_id: str, by: str, why: str, *, now: bool = False) -> Session:
        """Only make the request durable and have it driven."""
        session = await self.ledger.session(session_id)
        if session.resource is None:
            return session
        known = await self.ledger.world(session.resource)
        origin = Origin("hub", str(session.server.user) if session.server else None)
        if known.world.session_id == session_id:
            known = await self.ledger.record_surely(known, (RequestStop(by, why, now),), origin)
            session = known.world.session
        self.driver.wake(session.resource or "")
        return session


def _is_over(session: Session) -> bool:
    return session.is_over
