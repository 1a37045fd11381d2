"""Whoever knows the providers keeps the contract."""

from pathlib import Path

import pytest
from cattrs import structure

from multiplespawner.adapters.outbound.providers.configured import ConfiguredProviders
from multiplespawner.application.ports.providers import ProviderMissing
from multiplespawner.testing.contracts.providers import ProvidersContract
from multiplespawner.testing.fakes.memory_provider import MemoryProvider


def find(name: str) -> type:
    """The fake under two names."""
    if name not in ("used", "unused"):
        raise ProviderMissing(f"no provider {name}")
    return MemoryProvider


class TestConfiguredProviders(ProvidersContract):
    """Those of the configuration."""

    @pytest.fixture
    def providers(self) -> ConfiguredProviders:
        return ConfiguredProviders(find, lambda: {"used": {"maximum_sessions": 2}}, structure, Path())

    def test_settings_reach_the_provider(self, providers: ConfiguredProviders) -> None:
        """What the configuration says of a provider is what it limits."""
        assert [(limit.of, limit.quantity) for limit in providers.provider("used").limits()] == [
            ("sessions", 2)
        ]
        assert providers.provider("unused").limits() == ()

    def test_what_left_the_configuration_is_made_as_it_was(self, providers: ConfiguredProviders) -> None:
        """The first settings that are remembered count, also where it was made without any before."""
        assert providers.provider("unused").limits() == ()
        providers.remember("unused", {"maximum_sessions": 3})
        providers.remember("unused", {"maximum_sessions": 4})
        assert [limit.quantity for limit in providers.provider("unused").limits()] == [3]

    def test_edited_settings_make_it_again(self) -> None:
        """The new ones count from then on; what did not change stays as it was made."""
        in_force = {"used": {"maximum_sessions": 2}, "other": {}}
        providers = ConfiguredProviders(lambda _: MemoryProvider, lambda: in_force, structure, Path())
        used, other = providers.provider("used"), providers.provider("other")
        in_force = {"used": {"maximum_sessions": 3}, "other": {}}
        assert [limit.quantity for limit in providers.provider("used").limits()] == [3]
        assert providers.provider("used") is not used
        assert providers.provider("other") is other

    def test_what_leaves_stays_as_it_was_made(self) -> None:
        """Whatever else is remembered; its new settings count when it comes back and when it leaves."""
        in_force = {"used": {"maximum_sessions": 2}}
        providers = ConfiguredProviders(lambda _: MemoryProvider, lambda: in_force, structure, Path())
        used = providers.provider("used")
        in_force = {}
        providers.remember("used", {"maximum_sessions": 9})
        assert providers.names() == ()
        assert providers.provider("used") is used
        in_force = {"used": {"maximum_sessions": 3}}
        assert [limit.quantity for limit in providers.provider("used").limits()] == [3]
        in_force = {}
        assert [limit.quantity for limit in providers.provider("used").limits()] == [3]

    def test_settings_that_make_no_sense(self) -> None:
        """A provider that does not take its settings can't be used."""
        with pytest.raises(ProviderMissing):
            ConfiguredProviders(find, lambda: {"used": {"maximum_sessions": 0}}, structure, Path()).provider(
                "used"
            )
