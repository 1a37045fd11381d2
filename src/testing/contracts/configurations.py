"""What whoever follows the configuration does."""

import asyncio
from collections.abc import Callable

import pytest

from ...application.ports.configuration import Configurations

Edit = Callable[[str], None]

LIMIT = 5
"""Seconds; an edit is seen within one."""


class ConfigurationsContract:
    """Inherit it and fill in the two fixtures."""

    @pytest.fixture
    def configurations(self) -> Configurations:
        """Hand out one that says `sound`: two offers or more, whose spawner kwargs hold the text `s3cret`."""
        raise NotImplementedError

    @pytest.fixture
    def edit(self, configurations: Configurations) -> Edit:
        """Return what makes the files say `sound`, `changed` (sound too, and something else) or `broken`."""
        raise NotImplementedError

    async def test_what_is_in_force_at_first(self, configurations: Configurations) -> None:
        """It is sound, nothing is refused, and the files and what they say are known."""
        assert configurations.current.is_sound
        assert configurations.current.files
        assert len(bytes.fromhex(configurations.current.digest)) == 32
        assert configurations.refused is None

    async def test_nothing_new(self, configurations: Configurations) -> None:
        """Without an edit the same stays in force, however often one looks."""
        current = configurations.current
        assert not await configurations.refresh()
        assert not await configurations.refresh()
        assert configurations.current is current

    async def test_a_sound_edit_is_in_force_at_once(self, configurations: Configurations, edit: Edit) -> None:
        """The next look sees it; what was taken before stays as it was."""
        before = configurations.current
        offers = before.offers
        edit("changed")
        assert await configurations.refresh()
        assert configurations.current.digest != before.digest
        assert before.offers == offers != configurations.current.offers

    async def test_a_broken_edit_is_refused(self, configurations: Configurations, edit: Edit) -> None:
        """The last good one stays in force, and what is wrong is told."""
        good = configurations.current
        edit("broken")
        await until_refused(configurations)
        assert configurations.current is good
        assert configurations.refused is not None
        assert configurations.refused.errors
        assert configurations.refused.files

    async def test_a_refused_edit_is_told_once(self, configurations: Configurations, edit: Edit) -> None:
        """Nothing changes as long as the files stay as they are."""
        edit("broken")
        await until_refused(configurations)
        refused = configurations.refused
        assert not await configurations.refresh()
        assert configurations.refused is refused

    @pytest.mark.parametrize("corrected", ["sound", "changed"])
    async def test_a_correction_heals(
        self, configurations: Configurations, edit: Edit, corrected: str
    ) -> None:
        """Nothing is refused any more, whether it says what it said before or something else."""
        good = configurations.current
        edit("broken")
        await until_refused(configurations)
        edit(corrected)
        assert await configurations.refresh()
        assert configurations.refused is None
        assert (configurations.current.digest == good.digest) is (corrected == "sound")

    def test_every_offer_has_its_recipe(self, configurations: Configurations) -> None:
        """Each id is one offer, and leads to how that offer is put up."""
        configuration = configurations.current
        ids = [offer.id for offer in configuration.offers]
        assert len(set(ids)) == len(ids) >= 2
        recipes = [configuration.recipe(id_) for id_ in ids]
        assert [recipe and recipe.offer for recipe in recipes] == list(configuration.offers)
        assert configuration.recipe("nobody/knows/this") is None

    def test_shown_without_kwargs(self, configurations: Configurations) -> None:
        """What may hold secrets is not in what is shown of it."""
        recipes = configurations.current.recipes
        assert any("s3cret" in str(recipe.spawner_kwargs) for recipe in recipes)
        assert "s3cret" not in f"{configurations!r} {configurations.current!r} {recipes!r}"


async def until_refused(configurations: Configurations) -> None:
    """Look until an edit is refused."""
    async with asyncio.timeout(LIMIT):
        while True:
            await configurations.refresh()
            if configurations.refused is not None:
                return
            await asyncio.sleep(0.02)
