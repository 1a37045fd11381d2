"""When a session's inner spawner is made again; the rest is in its contract."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from multiplespawner.adapters.outbound.inner_spawners.hub_inner_spawners import HubInnerSpawners
from multiplespawner.application.ports.inner_spawner import Equipment, InnerSpawner, SpawnFailed
from multiplespawner.testing.fakes.scripted_inner_spawners import SpawnerThatStarts


async def test_it_is_made_once_from_its_document() -> None:
    """The document goes to who can make it, and only where this process holds no spawner of the session."""
    made: list[tuple[str, Mapping[str, Any]]] = []

    async def again(session: str, document: Mapping[str, Any]) -> InnerSpawner | None:
        made.append((session, document))
        return SpawnerThatStarts()

    spawners = HubInnerSpawners(again, lambda session, document: True)
    await spawners.rebuild("s1", {"class": "X"})
    await spawners.rebuild("s1", {"class": "X"})
    assert made == [("s1", {"class": "X"})]


async def test_nobody_gets_one_that_does_not_know_its_resource() -> None:
    """It is held only once it is equipped, and not at all where it does not take what it is told."""
    one, gate = SpawnerThatStarts(), asyncio.Event()

    class Slow(SpawnerThatStarts):
        async def equip(self, equipment: Equipment) -> None:
            await gate.wait()
            raise SpawnFailed("inner_settings", "It does not fit.")

    made: list[SpawnerThatStarts] = [Slow(), one]

    async def again(session: str, document: Mapping[str, Any]) -> InnerSpawner | None:
        return made.pop(0)

    spawners = HubInnerSpawners(again, lambda session, document: True)
    first = asyncio.create_task(spawners.rebuild("s1", {}, Equipment({"endpoint": "192.0.2.1"})))
    await asyncio.sleep(0)
    assert spawners.of("s1") is None
    gate.set()
    with pytest.raises(SpawnFailed):
        await first
    assert spawners.of("s1") is None
    known = Equipment({"endpoint": "192.0.2.1"})
    assert await spawners.rebuild("s1", {}, known) is one
    assert one.equipment == known
