"""What whoever knows the providers does."""

import pytest

from ...application.ports.providers import ProviderMissing, Providers


class ProvidersContract:
    """Inherit it and fill in the fixture."""

    @pytest.fixture
    def providers(self) -> Providers:
        """Hand out one whose configuration uses `used`, and where `unused` is installed too."""
        raise NotImplementedError

    def test_names(self, providers: Providers) -> None:
        """The names are those that the configuration uses, also when another one was asked for."""
        providers.provider("unused")
        assert providers.names() == ("used",)

    @pytest.mark.parametrize("name", ["used", "unused"])
    def test_made_once(self, providers: Providers, name: str) -> None:
        """A name is one provider; one that left the configuration can still be asked to give back."""
        assert providers.provider(name) is providers.provider(name)
        assert providers.provider(name).api == 1

    def test_missing(self, providers: Providers) -> None:
        """A provider that can't be had is an error of its own, that says something, each time."""
        for _ in range(2):
            with pytest.raises(ProviderMissing) as caught:
                providers.provider("nowhere")
            assert "nowhere" in str(caught.value)

    def test_remembered(self, providers: Providers) -> None:
        """Settings that are remembered change nothing of what the configuration uses, nor of its names."""
        used = providers.provider("used")
        providers.remember("used", {})
        providers.remember("unused", {})
        assert providers.provider("used") is used
        assert providers.provider("unused") is providers.provider("unused")
        assert providers.names() == ("used",)
