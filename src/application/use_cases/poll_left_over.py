"""Poll a session that another process began: one that is ending counts as ended as soon as it has."""

import asyncio
from contextlib import suppress

from attrs import frozen

from ...domain.session import Session, SessionPhase
from ..ledger import Ledger
from ..ports.event_log import LogDamaged, LogUnavailable
from ..watching import Watching
from .poll_session import PollSession


@frozen
class PollLeftOver:
    """Polls what a hub finds in its database when it starts.

    Told that a server runs, the hub waits for its notebook and lets nobody start another one meanwhile. A
    start that was interrupted, or a stop, is about to end: it is worth waiting for that instead.
    """

    ledger: Ledger
    watching: Watching
    poll: PollSession

    async def __call__(self, session_id: str, limit: float = 30) -> int | None:
        """Like PollSession; waits up to `limit` seconds for the end of a session that is ending."""
        status = await self.poll(session_id)
        if status is not None:
            return status
        with suppress(LogUnavailable, LogDamaged, TimeoutError):
            if not _runs(await self.ledger.session(session_id)):
                await asyncio.wait_for(self.watching.until_over(session_id), limit)
                return await self.poll(session_id)
        return None


def _runs(session: Session) -> bool:
    return session.phase is SessionPhase.RUNNING and session.stop is None
