"""What whoever knows the configurers does."""

import pytest

from ...application.ports.configurer import ConfigurerMissing, Configurers


class ConfigurersContract:
    """Inherit it and fill in the fixture."""

    @pytest.fixture
    def configurers(self) -> Configurers:
        """Hand out one that knows `used`, which takes settings that say nothing."""
        raise NotImplementedError("override the fixture `configurers`")

    def test_a_configurer(self, configurers: Configurers) -> None:
        """Each time it can be called as this version of the port says, whoever had it before."""
        for _ in range(2):
            assert configurers.configurer("used", {}).api == 1

    def test_settings_stay_as_they_are(self, configurers: Configurers) -> None:
        """What is said of it is only read."""
        said: dict[str, str] = {}
        configurers.configurer("used", said)
        assert said == {}

    def test_no_such_configurer(self, configurers: Configurers) -> None:
        """One that can't be had is an error of its own, that names it, each time."""
        for _ in range(2):
            with pytest.raises(ConfigurerMissing) as missing:
                configurers.configurer("no.where", {})
            assert "no.where" in str(missing.value)
