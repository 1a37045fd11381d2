"""Whoever holds inner spawners, real or fake, keeps the contract."""

from collections.abc import Mapping
from typing import Any

import pytest

from multiplespawner.adapters.outbound.inner_spawners.hub_inner_spawners import HubInnerSpawners
from multiplespawner.application.ports.inner_spawner import InnerSpawner
from multiplespawner.testing.contracts.inner_spawners import Hold, InnerSpawnersContract
from multiplespawner.testing.fakes.scripted_inner_spawners import FakeInnerSpawners, SpawnerThatStarts


class HeldByRegistering(InnerSpawnersContract):
    """Both are told what to hold in the same way."""

    @pytest.fixture
    def hold(self, spawners: HubInnerSpawners | FakeInnerSpawners) -> Hold:
        def register(session: str) -> InnerSpawner:
            inner = SpawnerThatStarts()
            spawners.register(session, inner)
            return inner

        return register


class TestFakeInnerSpawners(HeldByRegistering):
    """The scripted ones."""

    @pytest.fixture
    def spawners(self) -> FakeInnerSpawners:
        return FakeInnerSpawners(after_restart={"lost": SpawnerThatStarts()})


class TestHubInnerSpawners(HeldByRegistering):
    """Those of the hub."""

    @pytest.fixture
    def spawners(self) -> HubInnerSpawners:
        async def again(session: str, document: Mapping[str, Any]) -> InnerSpawner | None:
            return SpawnerThatStarts() if session == "lost" else None

        return HubInnerSpawners(again)
