"""Starting and stopping a notebook through its inner spawner."""

from typing import Any

from ...domain.deployment import RecordSpawnerStarted, RecordSpawnerStopped
from ...domain.world import Command, World
from ..failures import StepFailed, of_spawner
from ..ports.inner_spawner import InnerSpawner, InnerSpawners, Liveness, SpawnFailed
from ..ports.private_store import PrivateStore
from ..ports.provider import Provider
from . import renting
from .keeping import StateKeeper


async def find_spawner(world: World, spawners: InnerSpawners, private: PrivateStore) -> InnerSpawner | None:
    """The session's inner spawner: the one held here, else made again from the private store."""
    held = spawners.of(world.session_id)
    if held is not None:
        return held
    document: Any = await private.get(f"deployment/{world.deployment_id}/spawner")
    if document is None:
        return None
    state = await private.get(f"deployment/{world.deployment_id}/state")
    return await spawners.rebuild(world.session_id, {**document, "state": state})


async def start(
    world: World, inner: InnerSpawner | None, provider: Provider, keeper: StateKeeper
) -> tuple[Command, ...]:
    """Start it; the spawner's state is kept durable while it starts and once it runs."""
    if inner is None:
        raise StepFailed("start", "spawner_missing", "Your server can't be started by this process.")
    try:
        url, state = await keeper.watch(inner.start)
    except SpawnFailed as error:
        raise of_spawner(error) from error
    found = () if provider.allocates else await renting.created(world, provider)
    return (*state, *found, RecordSpawnerStarted(url))


async def stop_by_force(world: World, inner: InnerSpawner | None, provider: Provider) -> tuple[Command, ...]:
    """Destroy what the provider finds of it; it counts as stopped unless its spawner says that it runs.

    What the provider itself allocated ends with it in any case.
    """
    if provider.allocates:
        return (RecordSpawnerStopped(0),)
    await renting.destroy_all(world, provider)
    if inner is not None and (await inner.poll()).liveness is not Liveness.GONE:
        raise StepFailed("stop", "still_running", "The notebook could not be stopped.", may_retry=True)
    return (RecordSpawnerStopped(0),)


async def stop(
    world: World, inner: InnerSpawner | None, provider: Provider, *, now: bool
) -> tuple[Command, ...]:
    """Stop it; without its spawner, what the provider finds of it is destroyed.

    A provider that never saw it can't tell that it is gone: that is left to who can make its spawner again.
    """
    if inner is None:
        found = provider.allocates or await renting.destroy_all(world, provider)
        if not found and not world.resource.ids:
            raise StepFailed("stop", "cannot_be_seen", "The notebook can't be seen from here.")
        return (RecordSpawnerStopped(0),)
    try:
        return (RecordSpawnerStopped(await inner.stop(now)),)
    except SpawnFailed as error:
        raise of_spawner(error) from error
