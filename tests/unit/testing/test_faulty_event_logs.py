"""Logs that fail do so as their names say."""

import pytest

from multiplespawner.application.ports.event_log import Change, Clash, LogUnavailable, Origin
from multiplespawner.domain.session import SessionStarted
from multiplespawner.testing.fakes.faulty_event_logs import LogThatIsDown, LogThatLosesReplies, LogWithRival
from multiplespawner.testing.fakes.manual_clock import ManualClock
from multiplespawner.testing.fakes.memory_event_log import MemoryEventLog

START = [Change("session:a", 0, (SessionStarted("http://10.0.0.1"),))]


@pytest.fixture
def behind() -> MemoryEventLog:
    return MemoryEventLog(ManualClock())


async def test_lost_reply(behind: MemoryEventLog) -> None:
    """The append is durable, the caller hears that it isn't; once per lost reply."""
    log = LogThatLosesReplies(behind, losing=1)
    with pytest.raises(LogUnavailable):
        await log.append(START, Origin("hub"))
    assert len(await log.read("session:a")) == 1
    with pytest.raises(Clash):
        await log.append(START, Origin("hub"))


async def test_down(behind: MemoryEventLog) -> None:
    """Nothing is appended while it is down."""
    log = LogThatIsDown(behind)
    with pytest.raises(LogUnavailable):
        await log.append(START, Origin("hub"))
    assert await log.position() == 0
    log.down = False
    assert len(await log.append(START, Origin("hub"))) == 1


async def test_rival(behind: MemoryEventLog) -> None:
    """A rival is faster once."""
    log = LogWithRival(behind, rival=START)
    with pytest.raises(Clash):
        await log.append(START, Origin("hub"))
    assert [record.actor for record in await log.read("session:a")] == ["rival"]
