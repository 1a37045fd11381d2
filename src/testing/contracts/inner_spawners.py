"""What whoever holds the inner spawners of a process does."""

from collections.abc import Mapping
from typing import Any

import pytest

from ...application.ports.inner_spawner import Equipment, InnerSpawners
from ..fakes.scripted_inner_spawners import SpawnerThatStarts

DOCUMENT: Mapping[str, Any] = {"class": "scripted"}


class InnerSpawnersContract:
    """Inherit it and fill in the fixtures."""

    @pytest.fixture
    def spawners(self) -> InnerSpawners:
        """Hand out one that holds nothing; it can rebuild the session `lost`, and no other.

        Whoever asked for it still points to all sessions but `dropped`.
        """
        raise NotImplementedError

    async def test_unknown(self, spawners: InnerSpawners) -> None:
        """A session that nothing is held for has none, and forgetting it is no error."""
        spawners.let_go("unknown")
        assert spawners.of("unknown") is None
        assert await spawners.rebuild("unknown", DOCUMENT) is None
        assert spawners.of("unknown") is None

    async def test_held(self, spawners: InnerSpawners) -> None:
        """The one that is held is handed out, and never made a second time."""
        inner = SpawnerThatStarts()
        spawners.hold("mine", inner)
        assert spawners.of("mine") is inner
        assert await spawners.rebuild("mine", DOCUMENT) is inner

    async def test_rebuilt(self, spawners: InnerSpawners) -> None:
        """What was made again is held from then on: two spawners never drive one notebook."""
        inner = await spawners.rebuild("lost", DOCUMENT, Equipment({"endpoint": "192.0.2.1"}))
        assert inner is not None
        assert spawners.of("lost") is inner
        assert await spawners.rebuild("lost", DOCUMENT) is inner

    async def test_expected(self, spawners: InnerSpawners) -> None:
        """Only what nobody points to any more is not expected."""
        assert await spawners.is_expected("lost", DOCUMENT)
        assert not await spawners.is_expected("dropped", DOCUMENT)

    async def test_let_go(self, spawners: InnerSpawners) -> None:
        """What was let go is no longer held; the others are."""
        other = SpawnerThatStarts()
        spawners.hold("mine", SpawnerThatStarts())
        spawners.hold("other", other)
        for _ in range(2):
            spawners.let_go("mine")
        assert spawners.of("mine") is None
        assert spawners.of("other") is other
