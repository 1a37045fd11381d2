"""The configuration of the two files keeps the contract."""

import json
from pathlib import Path

import pytest

from multiplespawner.adapters.outbound.config.loading import LoadedConfiguration
from multiplespawner.bootstrap import Settings, load_configuration
from multiplespawner.testing.contracts.configuration import ConfigurationContract

TEMPLATE = {
    "name": "here",
    "resource_type": "bare_metal",
    "providers": ["local"],
    "spawner": {
        "class": "jupyterhub.spawner.SimpleLocalProcessSpawner",
        "kwargs": {"environment": {"KEY": "s3cret"}},
    },
}


class TestLoadedConfiguration(ConfigurationContract):
    """With the provider and a spawner that are always there."""

    @pytest.fixture
    def configuration(self, tmp_path: Path) -> LoadedConfiguration:
        return of(tmp_path / "sound", "small", "large")

    @pytest.fixture
    def changed(self, tmp_path: Path) -> LoadedConfiguration:
        return of(tmp_path / "changed", "small")

    @pytest.fixture
    def unsound(self, tmp_path: Path) -> LoadedConfiguration:
        folder = tmp_path / "unsound"
        folder.mkdir()
        (folder / "spawner_templates.json").write_text("{")
        return load_configuration(Settings(directory=folder), {})


def of(folder: Path, *names: str) -> LoadedConfiguration:
    """What is loaded from a folder with entries of these names."""
    folder.mkdir()
    entries = [{"name": name, "provider": "local"} for name in names]
    (folder / "spawner_templates.json").write_text(json.dumps([TEMPLATE]))
    (folder / "spawner_deployment.json").write_text(json.dumps({"bare_metal": entries}))
    return load_configuration(Settings(directory=folder), {})
