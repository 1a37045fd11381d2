"""The driver: one task for each open resource that does what the plan says, until nothing is held."""

import asyncio
import logging
from datetime import timedelta

from ..domain.plan import backoff, next_step
from ..domain.steps import Do, Nothing, WaitUntil, intent
from ..domain.steps import Step as PlannedStep
from .adopting import Adopting
from .failures import kinds
from .ledger import Known, Ledger
from .performing import Performer
from .ports.claims import Claims, ClaimsUnavailable
from .ports.clock import Clock
from .ports.custody import CustodyUnavailable
from .ports.event_log import LogUnavailable, Origin
from .taking import Taking, end
from .trust import Trust

_logger = logging.getLogger("multiplespawner.driver")

_LOOK_AGAIN = timedelta(minutes=10)
"""How long a drive rests at most: another process may have appended to its streams."""

_LONGEST_CLAIM_WAIT = timedelta(seconds=30)
"""Between two attempts to claim what another process has."""


class Drive:
    """The task of one resource."""

    def __init__(self, resource_id: str) -> None:
        self.resource_id = resource_id
        self.poked = asyncio.Event()
        self.resting = asyncio.Event()
        """Set while it waits for something to happen."""
        self.task: asyncio.Task[None] | None = None


class Driver:
    """Owns the drives; at most one a resource across processes, by claims.

    With `stays` a drive goes on until its resource is gone; else it lets go, of its claim too, as soon as
    there is nothing to do now.
    """

    def __init__(
        self,
        ledger: Ledger,
        performer: Performer,
        adopting: Adopting,
        claims: Claims,
        trust: Trust,
        clock: Clock,
        origin: Origin,
        *,
        stays: bool = True,
    ) -> None:
        self._ledger = ledger
        self._performer = performer
        self._adopting = adopting
        self._claims = claims
        self._trust = trust
        self._clock = clock
        self._origin = origin
        self._stays = stays
        self._drives: dict[str, Drive] = {}
        self._coming: set[str] = set()
        """Resources that this process is about to request: nobody has to take them over."""
        self._closed = False

    async def claim(self, resource_id: str) -> bool:
        """Claim a resource that this process is about to request, so that nobody takes it over."""
        self._coming.add(resource_id)
        return await self._claims.take(resource_id)

    async def unclaim(self, resource_id: str) -> None:
        """Let go of a resource that was not requested after all, as far as is known."""
        self._coming.discard(resource_id)
        await self._claims.give_back(resource_id)

    def begin(self, resource_id: str) -> None:
        """Drive a resource that this process has just requested."""
        self._coming.discard(resource_id)
        self._wake(resource_id, taken_over=False)

    def wake(self, resource_id: str) -> None:
        """Have the resource's drive look again; without one, take the resource over from a dead process."""
        self._wake(resource_id, taken_over=True)

    def drives(self, resource_id: str) -> bool:
        """Whether this process is at it."""
        return resource_id in self._drives or resource_id in self._coming

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
        if self._closed or resource_id in self._coming:
            return
        drive = self._drives.get(resource_id)
        if drive is None:
            drive = self._drives[resource_id] = Drive(resource_id)
            drive.task = asyncio.create_task(self._drive(drive, taken_over), name=f"drive {resource_id}")
        drive.poked.set()

    async def _drive(self, drive: Drive, taken_over: bool) -> None:
        try:
            await self._until_claimed(drive)
            await self._until_released(drive, taken_over)
        finally:
            drive.resting.set()
            self._drives.pop(drive.resource_id, None)
            await self._claims.give_back(drive.resource_id)

    async def _until_claimed(self, drive: Drive) -> None:
        attempts = 0
        while not await self._claim(drive.resource_id):
            attempts += 1
            await self._rest(drive, min(backoff(attempts), _LONGEST_CLAIM_WAIT))

    async def _claim(self, resource_id: str) -> bool:
        try:
            return await self._trust.doubt() is None and await self._claims.take(resource_id)
        except (ClaimsUnavailable, CustodyUnavailable, LogUnavailable) as error:
            _logger.warning("Resource %s can't be claimed now: %s", resource_id, error)
            return False

    async def _until_released(self, drive: Drive, taken_over: bool) -> None:
        troubles, goes_on = 0, True
        while goes_on:
            try:
                if not await self._claims.holds(drive.resource_id):
                    # it can be lost with its database connection: then another process may be at it
                    await self._until_claimed(drive)
                    taken_over = True
                if taken_over:
                    await self._adopting.adopt(drive.resource_id)
                    taken_over = False
                goes_on = await self._turn(drive)
                troubles = 0
            except Exception as error:
                troubles += 1
                _logger.error("Driving resource %s went wrong: %s", drive.resource_id, kinds(error))
                await self._rest(drive, backoff(troubles))

    async def _turn(self, drive: Drive) -> bool:
        """Do what is next; False when the resource is gone, or there is nothing to do and we don't stay."""
        drive.poked.clear()
        known = await self._ledger.world(drive.resource_id)
        now = self._clock.now()
        match next_step(known.world, now):
            case Do(step):
                await self._do(drive, known, step)
                return True
            case Nothing() if not known.world.resource.is_open:
                await self._performer.forget(known.world)
                return False
            case WaitUntil(time):
                wait = min(time - now, _LOOK_AGAIN)
            case _:
                wait = _LOOK_AGAIN
        if self._stays:
            await self._rest(drive, wait)
        return self._stays

    async def _rest(self, drive: Drive, at_most: timedelta) -> None:
        until = self._clock.now() + at_most
        waits = (
            asyncio.create_task(drive.poked.wait()),
            asyncio.create_task(self._clock.wait_until(until)),
        )
        drive.resting.set()
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            drive.resting.clear()
            await end(*waits)
        drive.poked.clear()

    async def _do(self, drive: Drive, known: Known, step: PlannedStep) -> None:
        known = await self._ledger.record(known, intent(step), self._origin)
        taking = Taking(self._ledger, self._performer, self._clock, drive.poked)
        outcome = await taking.take(step, known.world)
        # what happened must not be lost, however long the log is away
        await self._ledger.record_surely(known, outcome, self._origin)
