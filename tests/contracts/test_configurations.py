"""Whoever follows the configuration keeps the contract."""

import json
from hashlib import sha256
from pathlib import Path

import pytest

from multiplespawner.adapters.outbound.config.reloading import ReloadingConfigurations
from multiplespawner.application.ports.configuration import Configuration, Problem, Recipe, Severity
from multiplespawner.bootstrap import Settings, reloading_configurations
from multiplespawner.domain.offers import Offer
from multiplespawner.testing.contracts.configurations import ConfigurationsContract, Edit
from multiplespawner.testing.fakes.memory_configurations import MemoryConfigurations

TEMPLATE = {
    "name": "here",
    "resource_type": "bare_metal",
    "providers": ["local"],
    "spawner": {
        "class": "jupyterhub.spawner.SimpleLocalProcessSpawner",
        "kwargs": {"environment": {"KEY": "s3cret"}},
    },
}


class TestReloadingConfigurations(ConfigurationsContract):
    """Two files, with the provider and a spawner that are always there."""

    @pytest.fixture
    def configurations(self, tmp_path: Path) -> ReloadingConfigurations:
        (tmp_path / "spawner_templates.json").write_text(json.dumps([TEMPLATE]))
        write(tmp_path, "sound")
        return reloading_configurations(Settings(directory=tmp_path))

    @pytest.fixture
    def edit(self, tmp_path: Path) -> Edit:
        return lambda what: write(tmp_path, what)


class TestMemoryConfigurations(ConfigurationsContract):
    """The fake."""

    @pytest.fixture
    def configurations(self) -> MemoryConfigurations:
        return MemoryConfigurations(in_memory("sound"))

    @pytest.fixture
    def edit(self, configurations: MemoryConfigurations) -> Edit:
        return lambda what: setattr(configurations, "said", in_memory(what))


SAID = {"sound": ("small", "large"), "changed": ("small",), "broken": ()}


def write(folder: Path, what: str) -> None:
    """Have the deployment file say this."""
    entries = [{"name": name, "provider": "local"} for name in SAID[what]]
    said = "{" if what == "broken" else json.dumps({"bare_metal": entries})
    (folder / "spawner_deployment.json").write_text(said)


def in_memory(what: str) -> Configuration:
    """A configuration that says this."""
    problem = Problem(Severity.ERROR, "deployment.json", 1, (), "nothing", "JSON")
    return Configuration(
        sha256(what.encode()).hexdigest(),
        ("templates.json", "deployment.json"),
        (problem,) if what == "broken" else (),
        tuple(Recipe(offer(name), "a.Spawner", {"key": "s3cret"}) for name in SAID[what]),
    )


def offer(name: str) -> Offer:
    """An offer of the memory's provider."""
    return Offer(
        id=f"memory/T/{name}", name=name, type="bare_metal", provider="memory", template="T", entry=name
    )
