"""Given a log that is followed, when it is away for a moment, then nothing is lost or told twice."""

import asyncio
import json

import pytest

from houses import until
from multiplespawner.adapters.inbound.cli import telling
from multiplespawner.application.ports.event_log import Change, LogUnavailable, Origin
from multiplespawner.application.views import history
from multiplespawner.bootstrap.reading import Reading
from multiplespawner.domain.session import SessionStarted
from multiplespawner.testing.fakes.manual_clock import ManualClock
from multiplespawner.testing.fakes.memory_event_log import MemoryEventLog
from multiplespawner.testing.fakes.memory_user_names import MemoryUserNames


class LogThatIsAway(MemoryEventLog):
    """Can't even be asked how far it goes while it is away."""

    away = False
    asked = 0

    async def position(self) -> int:
        """Where it ends."""
        self.asked += 1
        if self.away:
            raise LogUnavailable("nobody answers")
        return await super().position()


async def test_a_log_that_comes_back(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> None:
    """It is asked again, and what was appended meanwhile is told once."""
    monkeypatch.setattr(telling, "AGAIN", 0.001)
    monkeypatch.setattr(history, "POLL", 0.001)
    log = LogThatIsAway(ManualClock())
    told: list[int] = []

    async def tells(version: int) -> None:
        await log.append([Change("session:a", version - 1, (SessionStarted("x"),))], Origin("hub"))

    def has_told(count: int) -> bool:
        told.extend(json.loads(line)["version"] for line in capsys.readouterr().out.splitlines())
        return len(told) >= count

    await tells(1)
    asked = telling.Asked(follow=True, json=True)
    following = asyncio.create_task(telling.tell(Reading(log, MemoryUserNames()), asked))
    await until(lambda: has_told(1))
    await tells(2)
    await until(lambda: has_told(2))
    log.away, before = True, log.asked
    await until(lambda: log.asked > before + 2)
    await tells(3)
    log.away = False
    await until(lambda: has_told(3))
    following.cancel()
    assert told == [1, 2, 3]
