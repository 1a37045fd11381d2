"""Waiting for a session to become something, on fakes."""

import asyncio

from houses import until
from multiplespawner.application.ledger import Ledger
from multiplespawner.application.ports.event_log import Change, LogUnavailable, Origin
from multiplespawner.application.watching import Watching
from multiplespawner.domain.session import SessionPlaced
from multiplespawner.testing.fakes.faulty_event_logs import LogInFront
from multiplespawner.testing.fakes.manual_clock import ManualClock
from multiplespawner.testing.fakes.memory_event_log import MemoryEventLog


class LogThatCanNotBeRead(LogInFront):
    """Can't be read while it is away; counts who tried."""

    away = True
    asked = 0

    async def read(self, stream, after=0, limit=None):
        self.asked += 1
        if self.away:
            raise LogUnavailable("as scripted")
        return await super().read(stream, after, limit)


async def test_a_log_that_is_away_is_told_once_a_wait(caplog) -> None:
    """However often it is looked at; the wait goes on and ends when the log is back."""
    log = LogThatCanNotBeRead(MemoryEventLog(ManualClock()))
    watching = Watching(log, Ledger(log))
    wait = asyncio.create_task(watching.until("s1", lambda session: session.resource is not None))
    for version in range(3):
        await until(lambda asked=version: log.asked > asked)
        log.away = version < 2
        await log.append([Change("session:s1", version, (SessionPlaced("r1", "d1"),))], Origin("test"))
    session = await asyncio.wait_for(wait, 4)

    assert session.resource == "r1"
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert caplog.records[0].name == "multiplespawner.sessions"
    watching.close()
