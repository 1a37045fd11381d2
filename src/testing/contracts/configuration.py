"""What every configuration does."""

import pytest

from ...application.ports.configuration import Configuration


class ConfigurationContract:
    """Inherit it and fill in the three fixtures."""

    @pytest.fixture
    def configuration(self) -> Configuration:
        """Hand out a sound one with at least two offers, whose spawner kwargs hold the text `s3cret`."""
        raise NotImplementedError

    @pytest.fixture
    def changed(self) -> Configuration:
        """Hand out a sound one that says something else."""
        raise NotImplementedError

    @pytest.fixture
    def unsound(self) -> Configuration:
        """Hand out one of files that can't be read as a configuration."""
        raise NotImplementedError

    def test_sound(self, configuration: Configuration, unsound: Configuration) -> None:
        """One without errors is sound; one with them says so, and offers nothing that can't be had."""
        assert configuration.is_sound
        assert not unsound.is_sound
        assert unsound.offers == ()

    def test_files(self, configuration: Configuration, unsound: Configuration) -> None:
        """It is known which files were read, also when they were no good."""
        assert configuration.files
        assert unsound.files

    def test_digest(self, configuration: Configuration, changed: Configuration) -> None:
        """What the files say has one SHA-256, and something else has another."""
        assert len(bytes.fromhex(configuration.digest)) == 32
        assert configuration.digest != changed.digest

    def test_every_offer_has_its_recipe(self, configuration: Configuration) -> None:
        """Each id is one offer, and leads to how that offer is put up."""
        ids = [offer.id for offer in configuration.offers]
        assert len(set(ids)) == len(ids) >= 2
        for offer in configuration.offers:
            recipe = configuration.recipe(offer.id)
            assert recipe is not None
            assert recipe.offer == offer

    @pytest.mark.parametrize("id_", ["", "nobody/knows/this"])
    def test_no_recipe(self, configuration: Configuration, id_: str) -> None:
        """An offer that isn't there has none."""
        assert configuration.recipe(id_) is None

    def test_shown_without_kwargs(self, configuration: Configuration) -> None:
        """What may hold secrets is not in what is shown of it."""
        kwargs = [
            recipe.spawner_kwargs for o in configuration.offers if (recipe := configuration.recipe(o.id))
        ]
        assert any("s3cret" in str(each) for each in kwargs)
        assert "s3cret" not in repr(configuration) + repr(
            [configuration.recipe(o.id) for o in configuration.offers]
        )
