"""Which inner spawner belongs to which session."""

from collections.abc import Mapping
from typing import Any

from multiplespawner.adapters.outbound.inner_spawners.hub_inner_spawners import HubInnerSpawners
from multiplespawner.application.ports.inner_spawner import InnerSpawner
from multiplespawner.testing.fakes.scripted_inner_spawners import SpawnerThatStarts


async def never(session: str, document: Mapping[str, Any]) -> InnerSpawner | None:
    """Can't make any."""
    return None


async def test_what_is_registered_is_held_until_let_go() -> None:
    """A session's spawner is found by the session alone; letting go twice is no error."""
    spawners, inner = HubInnerSpawners(never), SpawnerThatStarts()
    spawners.hold("s1", inner)
    assert (spawners.of("s1"), spawners.of("s2")) == (inner, None)
    spawners.let_go("s1")
    spawners.let_go("s1")
    assert spawners.of("s1") is None


async def test_it_is_made_again_once() -> None:
    """The document is used only where this process holds no spawner of the session."""
    made: list[tuple[str, Mapping[str, Any]]] = []

    async def again(session: str, document: Mapping[str, Any]) -> InnerSpawner | None:
        made.append((session, document))
        return SpawnerThatStarts()

    spawners = HubInnerSpawners(again)
    first = await spawners.rebuild("s1", {"class": "X"})
    assert await spawners.rebuild("s1", {"class": "X"}) is first is spawners.of("s1")
    assert made == [("s1", {"class": "X"})]


async def test_what_cannot_be_made_here_is_none() -> None:
    """Nothing is held then, and it may be tried again."""
    spawners = HubInnerSpawners(never)
    assert await spawners.rebuild("s1", {}) is None
    assert spawners.of("s1") is None
