"""Every private store, real or fake, keeps the contract."""

from pathlib import Path

import pytest

from multiplespawner.adapters.outbound.private_store.file_private_store import FilePrivateStore
from multiplespawner.testing.contracts.private_store import PrivateStoreContract
from multiplespawner.testing.fakes.memory_private_store import MemoryPrivateStore


class TestMemoryPrivateStore(PrivateStoreContract):
    """The fake in memory."""

    @pytest.fixture
    def store(self) -> MemoryPrivateStore:
        return MemoryPrivateStore()


class TestFilePrivateStore(PrivateStoreContract):
    """Files."""

    @pytest.fixture
    def store(self, tmp_path: Path) -> FilePrivateStore:
        return FilePrivateStore(tmp_path / "private")
