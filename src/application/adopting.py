"""Adopting: what a new driver does first with a resource that another process began."""

from attrs import frozen

from ..domain.deployment import RecordSpawnerExited
from ..domain.plan import after_takeover
from ..domain.session import RequestStop, SessionPhase
from ..domain.world import Command, World
from .ledger import Known, Ledger
from .performing import Performer
from .ports.event_log import Origin
from .ports.inner_spawner import InnerSpawners, Liveness
from .ports.private_store import PrivateStore


@frozen
class Adopting:
    """Interrupts unfinished starts; goes on with running sessions that still run and are still expected."""

    ledger: Ledger
    performer: Performer
    spawners: InnerSpawners
    private: PrivateStore
    origin: Origin

    async def adopt(self, resource_id: str) -> Known:
        """The resource's world after it; to be called with its claim held."""
        known = await self.ledger.world(resource_id)
        await self._remember_provider(known.world)
        return await self.ledger.record(known, await self._due(known.world), self.origin)

    async def _due(self, world: World) -> tuple[Command, ...]:
        if world.session.phase is not SessionPhase.RUNNING or world.session.stop is not None:
            return after_takeover(world)
        if not await self._is_expected(world):
            return (RequestStop("system", "not_expected"),)
        polled = await self.performer.poll(world)
        return (RecordSpawnerExited(polled.status or 0),) if polled.liveness is Liveness.GONE else ()

    async def _remember_provider(self, world: World) -> None:
        """A provider that has left the configuration gives back with the settings that it rented with."""
        name, providers = world.resource.provider, self.performer.providers
        if name in providers.names() or not world.deployment_id:
            return
        document = await self.private.get(f"deployment/{world.deployment_id}/spawner")
        if document is not None:
            providers.remember(name, document.get("provider_settings", {}))

    async def _is_expected(self, world: World) -> bool:
        document = await self.private.get(f"deployment/{world.deployment_id}/spawner")
        return document is None or await self.spawners.is_expected(world.session_id, document)
