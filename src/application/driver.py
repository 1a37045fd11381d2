"""The driver: one task for each open resource that does what the plan says, until nothing is held."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from ..domain.plan import after_takeover, backoff, next_step
from ..domain.steps import Do, Nothing, WaitUntil, intent
from ..domain.steps import Step as PlannedStep
from .ledger import Known, Ledger
from .performing import Performer
from .ports.claims import Claims, ClaimsUnavailable
from .ports.clock import Clock
from .ports.custody import CustodyUnavailable
from .ports.event_log import LogUnavailable, Origin
from .taking import Taking, end
from .trust import Trust

_logger = logging.getLogger("multiplespawner.driver")


class Drive:
    """The task of one resource."""

    def __init__(self, resource_id: str) -> None:
        self.resource_id = resource_id
        self.poked = asyncio.Event()
        self.resting = asyncio.Event()
        """Set while it waits for something to happen."""
        self.task: asyncio.Task[None] | None = None


class Driver:
    """Owns the drives; at most one a resource across processes, by claims."""

    def __init__(
        self,
        ledger: Ledger,
        performer: Performer,
        claims: Claims,
        trust: Trust,
        clock: Clock,
        origin: Origin,
    ) -> None:
        self._ledger = ledger
        self._performer = performer
        self._claims = claims
        self._trust = trust
        self._clock = clock
        self._origin = origin
        self._drives: dict[str, Drive] = {}
        self._closed = False

    def begin(self, resource_id: str) -> None:
        """Drive a resource that this process has just requested."""
        self._wake(resource_id, taken_over=False)

    def wake(self, resource_id: str) -> None:
        """Have the resource's drive look again; without one, take the resource over from a dead process."""
        self._wake(resource_id, taken_over=True)

    def drives(self, resource_id: str) -> bool:
        """Whether this process is at it."""
        return resource_id in self._drives

    async def settled(self) -> None:
        """Return when no drive has anything to do now."""
        while busy := [drive for drive in self._drives.values() if not drive.resting.is_set()]:
            waits = [asyncio.create_task(drive.resting.wait()) for drive in busy]
            try:
                await asyncio.wait(waits)
            finally:
                await end(*waits)

    async def close(self) -> None:
        """End all drives where they are; what they were doing is taken over by the next process."""
        self._closed = True
        await end(*(drive.task for drive in self._drives.values() if drive.task is not None))
        await self._claims.close()

    def _wake(self, resource_id: str, *, taken_over: bool) -> None:
        if self._closed:
            return
        drive = self._drives.get(resource_id)
        if drive is None:
            drive = self._drives[resource_id] = Drive(resource_id)
            drive.task = asyncio.create_task(self._drive(drive, taken_over), name=f"drive {resource_id}")
        drive.poked.set()

    async def _drive(self, drive: Drive, taken_over: bool) -> None:
        try:
            if await self._claim(drive.resource_id):
                await self._until_released(drive, taken_over)
        finally:
            drive.resting.set()
            self._drives.pop(drive.resource_id, None)
            await self._claims.give_back(drive.resource_id)

    async def _claim(self, resource_id: str) -> bool:
        try:
            return await self._trust.doubt() is None and await self._claims.take(resource_id)
        except (ClaimsUnavailable, CustodyUnavailable, LogUnavailable) as error:
            _logger.warning(
                "Resource %s can't be driven now, it is tried again later: %s", resource_id, error
            )
            return False

    async def _until_released(self, drive: Drive, taken_over: bool) -> None:
        troubles, is_open = 0, True
        while is_open:
            try:
                if taken_over:
                    await self._take_over(drive.resource_id)
                    taken_over = False
                is_open = await self._keeps_claim(drive.resource_id) and await self._turn(drive)
                troubles = 0
            except Exception:
                troubles += 1
                _logger.exception("Driving resource %s went wrong; it is tried again.", drive.resource_id)
                await self._clock.wait_until(self._clock.now() + backoff(troubles))

    async def _keeps_claim(self, resource_id: str) -> bool:
        """Whether nobody else drives it: a claim can be lost with its database connection."""
        return await self._claims.holds(resource_id) or await self._claim(resource_id)

    async def _take_over(self, resource_id: str) -> None:
        known = await self._ledger.world(resource_id)
        await self._ledger.record(known, after_takeover(known.world), self._origin)

    async def _turn(self, drive: Drive) -> bool:
        """Do what is next; False when the resource is gone."""
        drive.poked.clear()
        known = await self._ledger.world(drive.resource_id)
        match next_step(known.world, self._clock.now()):
            case Do(step):
                await self._do(drive, known, step)
            case WaitUntil(time):
                await self._rest(drive, self._clock.wait_until(time))
            case Nothing() if not known.world.resource.is_open:
                await self._performer.forget(known.world)
                return False
            case _:
                await self._rest(drive)
        return True

    async def _rest(self, drive: Drive, until: Coroutine[Any, Any, None] | None = None) -> None:
        waits: list[asyncio.Task[Any]] = [asyncio.create_task(drive.poked.wait())]
        if until is not None:
            waits.append(asyncio.create_task(until))
        drive.resting.set()
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            drive.resting.clear()
            await end(*waits)

    async def _do(self, drive: Drive, known: Known, step: PlannedStep) -> None:
        known = await self._ledger.record(known, intent(step), self._origin)
        taking = Taking(self._ledger, self._performer, self._clock, drive.poked)
        outcome = await taking.take(step, known.world)
        # what happened must not be lost, however long the log is away
        await self._ledger.record_surely(known, outcome, self._origin)
