"""Stop a session: the request is durable before anything is stopped, the driver does the rest."""

import asyncio
import logging

from attrs import field, frozen

from ...domain.session import RequestStop, Session, SessionPhase
from ..driver import Driver
from ..failures import kinds
from ..ledger import Ledger
from ..origins import hub_for
from ..taking import end
from ..waiting import waiting_for_log
from ..watching import Watching

_logger = logging.getLogger("multiplespawner.sessions")


class StillStopping(Exception):
    """The session has not ended in time; it goes on being stopped."""


@frozen
class StopSession:
    """Stops sessions."""

    ledger: Ledger
    driver: Driver
    watching: Watching
    _stopping: set[asyncio.Task[Session]] = field(factory=set, init=False)

    async def __call__(
        self, session_id: str, by: str, why: str, *, now: bool = False, limit: float = 300
    ) -> Session:
        """The session, ended; what it held is given back afterwards. Safe to repeat.

        A session that was never requested is returned new. Raises StillStopping after `limit` seconds.
        """
        stopping = asyncio.create_task(self._stop(session_id, by, why, now))
        self._stopping.add(stopping)
        stopping.add_done_callback(self._stopped)
        # it goes on when nobody waits any more: a stop that was asked for must not be lost
        await asyncio.wait({stopping}, timeout=limit)
        if not stopping.done():
            raise StillStopping(f"session {session_id} has not ended within {limit:g} s")
        return stopping.result()

    async def close(self) -> None:
        """Wait no longer; what was made durable is seen to by the next process."""
        await end(*self._stopping)

    async def request(self, session_id: str, by: str, why: str, *, now: bool = False) -> Session:
        """Only make the request durable, however long the log is away, and have it driven."""
        async for attempt in waiting_for_log():
            with attempt:
                return await self._request(session_id, RequestStop(by, why, now))
        raise AssertionError("unreachable: attempts are not limited")

    async def _request(self, session_id: str, stop: RequestStop) -> Session:
        session = await self.ledger.session(session_id)
        if session.resource is None:
            return session
        known = await self.ledger.world(session.resource)
        if known.world.session_id == session_id:
            known = await self.ledger.record(known, (stop,), hub_for(session))
            session = known.world.session
        self.driver.wake(session.resource or "")
        return session

    async def _stop(self, session_id: str, by: str, why: str, now: bool) -> Session:
        session = await self.request(session_id, by, why, now=now)
        if session.phase is SessionPhase.NEW:
            return session
        return await self.watching.until_over(session_id)

    def _stopped(self, task: asyncio.Task[Session]) -> None:
        self._stopping.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _logger.error("A stop went wrong: %s", kinds(error))
