"""Taking one step: perform it, give it up when the session is to end, tell failures in commands."""

import asyncio
import logging
from typing import Any

from attrs import frozen

from ..domain.outcomes import failed
from ..domain.steps import Forward, Step
from ..domain.values import Failure
from ..domain.world import Command, World
from .failures import StepFailed, kinds
from .ledger import Ledger
from .performing import Performer
from .ports.clock import Clock
from .ports.event_log import LogUnavailable

_logger = logging.getLogger("multiplespawner.driver")

_CALL_OFF_LIMIT = 30
"""Seconds that a step that was called off may take to end; then it is left to itself."""

_UNEXPECTED = "Something unexpected happened."


@frozen
class Taking:
    """Takes steps of one resource; `poked` is set when its world may have changed."""

    ledger: Ledger
    performer: Performer
    clock: Clock
    poked: asyncio.Event

    async def take(self, step: Step, world: World) -> tuple[Command, ...]:
        """Commands that tell how the step went; () when it was called off."""
        call = asyncio.create_task(self.performer.perform(step, world))
        try:
            if isinstance(step, Forward) and await self._called_off(call, world.resource_id):
                return ()
            await asyncio.wait((call,))
            return self._outcome(step, world, call)
        finally:
            await self._ended(call, world.resource_id)

    def _outcome(
        self, step: Step, world: World, call: asyncio.Task[tuple[Command, ...]]
    ) -> tuple[Command, ...]:
        # foreign code may also cancel itself, which must not look as if we were cancelled
        error = asyncio.CancelledError() if call.cancelled() else call.exception()
        if error is None:
            return call.result()
        if isinstance(error, StepFailed):
            return self._failed(step, world, error.failure, error.may_retry)
        _logger.error("%s of %s failed unexpectedly: %s", _name(step), world.resource_id, kinds(error))
        return self._failed(step, world, Failure("step", "internal_error", _UNEXPECTED), False)

    async def _called_off(self, call: asyncio.Task[Any], resource_id: str) -> bool:
        """Wait for the call; True when it is to be given up because the session is to end."""
        while not call.done():
            if await self._is_to_end(resource_id):
                return True
            await self._until_poked(call)
        return False

    async def _ended(self, call: asyncio.Task[Any], resource_id: str) -> None:
        call.cancel()
        _, running = await asyncio.wait((call,), timeout=_CALL_OFF_LIMIT)
        if running:
            _logger.error("A step of resource %s does not end though called off.", resource_id)

    async def _is_to_end(self, resource_id: str) -> bool:
        self.poked.clear()
        try:
            world = (await self.ledger.world(resource_id)).world
        except LogUnavailable:
            # look again soon: whoever poked us may not do so twice
            asyncio.get_running_loop().call_later(1, self.poked.set)
            return False
        return world.session.stop is not None or world.resource.is_beyond_use

    async def _until_poked(self, call: asyncio.Task[Any]) -> None:
        poke = asyncio.create_task(self.poked.wait())
        try:
            await asyncio.wait((call, poke), return_when=asyncio.FIRST_COMPLETED)
        finally:
            await end(poke)

    def _failed(self, step: Step, world: World, failure: Failure, may_retry: bool) -> tuple[Command, ...]:
        _logger.warning("%s of resource %s failed: %s", _name(step), world.resource_id, failure.code)
        return failed(step, world, self.clock.now(), failure, may_retry=may_retry)


def _name(step: Step) -> str:
    return type(step).__name__


async def end(*tasks: asyncio.Task[Any]) -> None:
    """Cancel tasks and wait until they have ended."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
