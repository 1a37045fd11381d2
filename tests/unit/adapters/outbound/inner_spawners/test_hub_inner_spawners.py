"""When a session's inner spawner is made again; the rest is in its contract."""

from collections.abc import Mapping
from typing import Any

from multiplespawner.adapters.outbound.inner_spawners.hub_inner_spawners import HubInnerSpawners
from multiplespawner.application.ports.inner_spawner import InnerSpawner
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
