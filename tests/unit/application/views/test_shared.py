"""What is taken of everything shared, followed in the log."""

import asyncio

from multiplespawner.application.ports.event_log import Change, Origin
from multiplespawner.application.views.shared import Shared
from multiplespawner.domain.allowance import AllowanceReserved, AllowanceReturned
from multiplespawner.domain.values import Amount
from multiplespawner.testing.fakes.manual_clock import ManualClock
from multiplespawner.testing.fakes.memory_event_log import MemoryEventLog

POOL, QUOTA = "pool:p", "quota:q"
ONE = (Amount("sessions", 1),)


def taken(number: int) -> AllowanceReserved:
    """One resource more."""
    return AllowanceReserved(f"r{number}", ONE, ManualClock().now())


async def test_it_follows_what_any_process_appends() -> None:
    """Also where it is more than is folded at once; what one look returned stays as it was."""
    log = MemoryEventLog(ManualClock())
    shared = Shared(log)
    await log.append([Change(POOL, 0, tuple(map(taken, range(1500))))], Origin("other"))
    first = (await shared.now(POOL)).allowance
    await log.append([Change(POOL, 1500, (AllowanceReturned("r7"), taken(1500)))], Origin("other"))
    second = await shared.now(POOL)

    assert (first.used("sessions"), "r7" in first.reservations) == (1500, True)
    assert (second.allowance.used("sessions"), "r7" in second.allowance.reservations) == (1500, False)
    assert second.version == 1502


async def test_a_turn_is_one_at_a_time_and_nobody_waits_in_a_circle() -> None:
    """However many things one wants at once, in whatever order; one that is cancelled is out of the way."""
    shared = Shared(MemoryEventLog(ManualClock()))
    inside, most = 0, 0

    async def visit(*streams: str) -> None:
        nonlocal inside, most
        async with shared.in_turn(streams):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0)
            inside -= 1

    visits = [asyncio.create_task(visit(*pair)) for pair in ((POOL, QUOTA), (QUOTA, POOL), (POOL,)) * 5]
    await asyncio.sleep(0)
    visits[1].cancel()
    async with asyncio.timeout(5):
        await asyncio.gather(*visits, return_exceptions=True)

    assert (inside, most) == (0, 1)


async def test_different_things_do_not_wait_for_each_other() -> None:
    """A turn at one is none at the other."""
    shared = Shared(MemoryEventLog(ManualClock()))
    async with asyncio.timeout(5), shared.in_turn((POOL,)), shared.in_turn((QUOTA,)):
        pass
