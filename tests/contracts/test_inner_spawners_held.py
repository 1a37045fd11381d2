"""Whoever holds inner spawners, real or fake, keeps the contract."""

from collections.abc import Mapping
from typing import Any

import pytest

from multiplespawner.adapters.outbound.inner_spawners.hub_inner_spawners import HubInnerSpawners
from multiplespawner.application.ports.inner_spawner import InnerSpawner
from multiplespawner.testing.contracts.inner_spawners import InnerSpawnersContract
from multiplespawner.testing.fakes.scripted_inner_spawners import FakeInnerSpawners, SpawnerThatStarts


class TestFakeInnerSpawners(InnerSpawnersContract):
    """The scripted ones."""

    @pytest.fixture
    def spawners(self) -> FakeInnerSpawners:
        return FakeInnerSpawners(after_restart={"lost": SpawnerThatStarts()}, unexpected={"dropped"})


class TestHubInnerSpawners(InnerSpawnersContract):
    """Those of the hub."""

    @pytest.fixture
    def spawners(self) -> HubInnerSpawners:
        async def again(session: str, document: Mapping[str, Any]) -> InnerSpawner | None:
            return SpawnerThatStarts() if session == "lost" else None

        return HubInnerSpawners(again, lambda session, document: session != "dropped")
