"""Whoever knows the authenticators and configurers keeps the contracts."""

from pathlib import Path

import pytest
from cattrs import structure

from multiplespawner.adapters.outbound.components import Components
from multiplespawner.adapters.outbound.plugins import AUTHENTICATORS, CONFIGURERS, NotInstalled
from multiplespawner.testing.contracts.authenticators import AuthenticatorsContract
from multiplespawner.testing.contracts.configurers import ConfigurersContract
from multiplespawner.testing.fakes.memory_authenticator import MemoryAuthenticator
from multiplespawner.testing.fakes.memory_components import MemoryComponents
from multiplespawner.testing.fakes.memory_configurer import MemoryConfigurer


def authenticator_class(name: str) -> type:
    """The fake under one name."""
    if name != "used":
        raise NotInstalled(AUTHENTICATORS, name, "install it")
    return MemoryAuthenticator


def configurer_class(name: str) -> type:
    """The fake under one name."""
    if name != "used":
        raise NotInstalled(CONFIGURERS, name, "install it")
    return MemoryConfigurer


class TestComponents(AuthenticatorsContract, ConfigurersContract):
    """Those that are installed."""

    @pytest.fixture
    def authenticators(self, tmp_path: Path) -> Components:
        return Components(authenticator_class, configurer_class, structure, tmp_path)

    @pytest.fixture
    def configurers(self, authenticators: Components) -> Components:
        return authenticators


class TestMemoryComponents(AuthenticatorsContract, ConfigurersContract):
    """The fake."""

    @pytest.fixture
    def authenticators(self) -> MemoryComponents:
        return MemoryComponents({"used": MemoryAuthenticator()}, {"used": MemoryConfigurer()})

    @pytest.fixture
    def configurers(self, authenticators: MemoryComponents) -> MemoryComponents:
        return authenticators
