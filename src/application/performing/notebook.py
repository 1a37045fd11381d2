"""Starting and stopping a notebook through its inner spawner."""

from typing import Any

from ...domain.deployment import RecordSpawnerStarted, RecordSpawnerStopped
from ...domain.world import Command, World
from ..failures import StepFailed, of_spawner
from ..ports.inner_spawner import InnerSpawner, InnerSpawners, SpawnFailed
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
        url = await keeper.watch(inner.start)
    except SpawnFailed as error:
        raise of_spawner(error) from error
    found = () if provider.allocates else await renting.created(world, provider)
    return (*found, RecordSpawnerStarted(url))


async def stop(
    world: World, inner: InnerSpawner | None, provider: Provider, *, now: bool
) -> tuple[Command, ...]:
    """Stop it; without its spawner, what the provider finds of it is destroyed."""
    if inner is None:
        if not provider.allocates:
            await renting.destroy_all(world, provider)
        return (RecordSpawnerStopped(0),)
    try:
        return (RecordSpawnerStopped(await inner.stop(now)),)
    except SpawnFailed as error:
        raise of_spawner(error) from error
