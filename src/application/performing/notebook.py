"""Starting and stopping a notebook through its inner spawner."""

from typing import Any

from attrs import frozen

from ...domain.deployment import RecordSpawnerStarted, RecordSpawnerStopped
from ...domain.world import Command, World
from ..failures import StepFailed, of_spawner
from ..ports.inner_spawner import InnerSpawner, InnerSpawners, Liveness, SpawnFailed
from ..ports.private_store import PrivateStore
from ..ports.provider import Provider
from . import remembering, renting
from .documents import key_of
from .entering import Entering
from .keeping import StateKeeper


@frozen
class Notebooks:
    """Finds the inner spawner of a deployment, tells it of its resource, and drives it."""

    spawners: InnerSpawners
    private: PrivateStore
    entering: Entering

    async def find(self, world: World) -> InnerSpawner | None:
        """The session's inner spawner: the one held here, else made again from the private store.

        Raises SpawnFailed where it is made and can't be told of its resource.
        """
        held = self.spawners.of(world.session_id)
        if held is not None:
            return held
        document: Any = await self.private.get(key_of(world, "spawner"))
        if document is None:
            return None
        state = await self.private.get(key_of(world, "state"))
        equipment = await self.entering.equipment(world, document)
        return await self.spawners.rebuild(world.session_id, {**document, "state": state}, equipment)

    async def start(self, world: World, provider: Provider, keeper: StateKeeper) -> tuple[Command, ...]:
        """Start it; the spawner's state is kept durable while it starts and once it runs."""
        try:
            inner = await self.find(world)
            if inner is None:
                raise StepFailed("start", "spawner_missing", "Your server can't be started by this process.")
            document: Any = await self.private.get(key_of(world, "spawner"))
            await inner.equip(await self.entering.equipment(world, document or {}))
            url, state = await keeper.watch(inner.start)
        except SpawnFailed as error:
            # it may need what somebody removed from the machine: the next start sets it up anew
            await remembering.forget(world, provider)
            raise of_spawner(error) from error
        found = () if provider.allocates else await renting.created(world, provider)
        return (*state, *found, RecordSpawnerStarted(url))

    async def stop_by_force(self, world: World, provider: Provider) -> tuple[Command, ...]:
        """Destroy what the provider finds of it; it counts as stopped unless its spawner says that it runs.

        What the provider itself allocated ends with it in any case.
        """
        if provider.allocates:
            return (RecordSpawnerStopped(0),)
        await renting.destroy_all(world, provider)
        try:
            inner = await self.find(world)
        except SpawnFailed as error:
            raise of_spawner(error) from error
        if inner is not None and (await inner.poll()).liveness is not Liveness.GONE:
            raise StepFailed("stop", "still_running", "The notebook could not be stopped.", may_retry=True)
        return (RecordSpawnerStopped(0),)

    async def stop(self, world: World, provider: Provider, *, now: bool) -> tuple[Command, ...]:
        """Stop it; without its spawner, what the provider finds of it is destroyed.

        A provider that never saw it can't tell that it is gone: that is left to who can make its spawner
        again.
        """
        try:
            inner = await self.find(world)
            if inner is not None:
                return (RecordSpawnerStopped(await inner.stop(now)),)
        except SpawnFailed as error:
            raise of_spawner(error) from error
        found = provider.allocates or await renting.destroy_all(world, provider)
        if not found and not world.resource.ids:
            raise StepFailed("stop", "cannot_be_seen", "The notebook can't be seen from here.")
        return (RecordSpawnerStopped(0),)
