"""Leftovers: what lies in the private store for deployments that are over, or never came to be."""

from contextlib import suppress

from attrs import field, frozen

from .coming import Coming
from .driver import Driver
from .ports.event_log import EventLog, LogDamaged
from .ports.private_store import PrivateStore


@frozen
class Leftovers:
    """Destroys them; what a living drive needs is never looked at."""

    log: EventLog
    private: PrivateStore
    driver: Driver
    coming: Coming
    _resources: dict[str, str] = field(factory=dict, init=False)
    """By deployment; that never changes."""

    async def clean(self) -> None:
        """Forget what belongs to released resources, and what the log does not know."""
        present = {key.split("/")[1] for key in await self.private.keys("deployment/")}
        for gone in self._resources.keys() - present:
            del self._resources[gone]
        for deployment in present:
            # what can't be read keeps its documents, and keeps nothing else from being looked at
            with suppress(LogDamaged):
                if await self._is_left_over(deployment):
                    await self.private.forget(f"deployment/{deployment}")

    async def _is_left_over(self, deployment: str) -> bool:
        resource = self._resources.get(deployment) or await self._resource(deployment)
        if resource is None:
            if await self.coming.may_have(deployment):
                return False
            # it can have come to the log since that was read
            resource = await self._resource(deployment)
        if resource is None:
            return True
        self._resources[deployment] = resource
        return not self.driver.drives(resource) and await self._is_released(resource)

    async def _resource(self, deployment: str) -> str | None:
        records = await self.log.read(f"deployment:{deployment}")
        return getattr(records[0].fact, "resource", None) if records else None

    async def _is_released(self, resource: str) -> bool:
        records = await self.log.read(f"resource:{resource}")
        return any(record.name == "resource.released" for record in records)
