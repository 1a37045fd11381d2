"""The folder provider keeps what every provider promises."""

from pathlib import Path

import pytest
from folder_provider import FolderProvider, FolderSettings

from multiplespawner.testing.contracts.provider import ProviderContract


class TestFolderProvider(ProviderContract):
    """With a folder of its own."""

    @pytest.fixture
    def provider(self, tmp_path: Path) -> FolderProvider:
        """The provider that the suite tries."""
        return FolderProvider(FolderSettings(root=str(tmp_path / "machines")))
