"""Providers that behave in the ways that real ones do."""

import asyncio
from typing import ClassVar

from attrs import evolve

from ...application.ports.provider import (
    Instance,
    InstanceState,
    InvalidSpec,
    OutOfCapacity,
    ResourceSpec,
    Unavailable,
)
from .memory_provider import MemoryProvider, MemorySettings


class ProviderThatOnlyWatches(MemoryProvider):
    """Rents nothing itself: what an inner spawner makes appears by `rent_another`."""

    allocates: ClassVar[bool] = False

    async def ensure(self, token: str, spec: ResourceSpec) -> Instance:
        """Never called. Raises InvalidSpec."""
        self._called("ensure", token)
        raise InvalidSpec("the inner spawner allocates")


class ProviderThatLosesReplies(MemoryProvider):
    """Makes what is asked for, but the answer that says so never arrives."""

    def _rent(self, token: str) -> Instance:
        super()._rent(token)
        raise Unavailable("the connection was lost after the request was sent")


class ProviderThatIsDown(MemoryProvider):
    """Can't be reached for a number of calls."""

    def __init__(self, settings: MemorySettings | None = None, calls: int | None = None) -> None:
        super().__init__(settings)
        self.down_for = calls
        """How many more calls fail; None for all."""

    def _called(self, method: str, about: str) -> None:
        super()._called(method, about)
        if self.down_for is None:
            raise Unavailable("no route to the provider")
        if self.down_for > 0:
            self.down_for -= 1
            raise Unavailable("the provider is being restarted")


class ProviderThatIsFull(MemoryProvider):
    """Has none left until `room` is made."""

    room = False

    def _rent(self, token: str) -> Instance:
        if not self.room:
            raise OutOfCapacity("all hosts are in use")
        return super()._rent(token)


class ProviderThatIsSlowToDestroy(MemoryProvider):
    """Takes back what it rented only when it may."""

    def __init__(self, settings: MemorySettings | None = None) -> None:
        super().__init__(settings)
        self.may_destroy = asyncio.Event()

    async def destroy(self, id: str) -> None:  # noqa: A002
        """Wait until it may, then forget the instance; meanwhile it is stopped."""
        self._called("destroy", id)
        if id in self.instances:
            self.instances[id] = evolve(self.instances[id], state=InstanceState.STOPPED)
            await self.may_destroy.wait()
            self.instances.pop(id, None)
