"""Trust in the log is asked for once, however many want to know."""

import asyncio

from multiplespawner.application.trust import Trust
from multiplespawner.testing.fakes.manual_clock import ManualClock
from multiplespawner.testing.fakes.memory_custody import MemoryCustody
from multiplespawner.testing.fakes.memory_event_log import MemoryEventLog


class CustodyThatCounts(MemoryCustody):
    """Takes a moment for an answer, and counts the questions."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    async def doubt(self, owner, position):
        """Count and answer."""
        self.asked += 1
        await asyncio.sleep(0)
        return await super().doubt(owner, position)


async def test_those_who_ask_at_once_share_one_answer():
    """A hub that reconciles and starts a server at the same moment looks at the custody once."""
    custody = CustodyThatCounts()
    trust = Trust(MemoryEventLog(ManualClock()), custody)
    assert await asyncio.gather(*(trust.doubt() for _ in range(5))) == [None] * 5
    assert custody.asked == 1
