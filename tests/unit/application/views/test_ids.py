"""Given as much of an id as somebody typed, then it is the one that is meant, or which ones it may be."""

import pytest

from multiplespawner.application.ports.event_log import Change, Origin
from multiplespawner.application.views.ids import IdAmbiguous, IdUnknown, whole_id
from multiplespawner.domain.session import SessionStarted
from multiplespawner.testing.fakes.manual_clock import ManualClock
from multiplespawner.testing.fakes.memory_event_log import MemoryEventLog

IDS = ("abc1" + "0" * 28, "abd2" + "0" * 28)


@pytest.fixture
async def log() -> MemoryEventLog:
    """With two sessions and a resource."""
    log = MemoryEventLog(ManualClock())
    for stream in (*(f"session:{id_}" for id_ in IDS), "resource:abe3", "resource:abe", "deployment:f"):
        await log.append([Change(stream, 0, (SessionStarted("x"),))], Origin("test"))
    return log


@pytest.mark.parametrize("begun", [IDS[0], "abc", "abc1", "ABC", IDS[0].upper()])
async def test_as_much_as_belongs_to_one(log: MemoryEventLog, begun: str) -> None:
    """Whole or cut, small or capital; those of another kind don't count."""
    assert await whole_id(log, "session", begun) == IDS[0]


async def test_a_whole_id_that_another_one_begins_with(log: MemoryEventLog) -> None:
    """It is the one that is named."""
    assert await whole_id(log, "resource", "abe") == "abe"


async def test_what_nothing_begins_with(log: MemoryEventLog) -> None:
    """Nor a longer one."""
    for begun in ("f", IDS[0] + "0", "abe"):
        with pytest.raises(IdUnknown):
            await whole_id(log, "session", begun)


@pytest.mark.parametrize("begun", ["", "a", "AB"])
async def test_what_more_than_one_begins_with(log: MemoryEventLog, begun: str) -> None:
    """All of them are told."""
    with pytest.raises(IdAmbiguous) as error:
        await whole_id(log, "session", begun)
    assert error.value.some == IDS
