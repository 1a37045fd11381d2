"""What every table of user names does."""

import pytest

from ...application.ports.user_names import UserNames


class UserNamesContract:
    """Inherit it and fill in the fixture."""

    @pytest.fixture
    def names(self) -> UserNames:
        """Hand out an empty table."""
        raise NotImplementedError

    async def test_remembers(self, names: UserNames) -> None:
        """A user is known by the last name, per hub."""
        await names.remember("hub", 1, "ada")
        await names.remember("hub", 1, "ada.lovelace")
        await names.remember("other", 1, "eve")
        assert await names.name("hub", 1) == "ada.lovelace"
        assert await names.name("other", 1) == "eve"
        assert await names.name("hub", 2) is None

    async def test_forgets(self, names: UserNames) -> None:
        """A person is erased from all hubs; others stay."""
        for hub, user, name in (("hub", 1, "ada"), ("other", 9, "ada"), ("hub", 2, "eve")):
            await names.remember(hub, user, name)
        assert await names.forget("ada") == 2
        assert await names.forget("ada") == 0
        assert await names.name("hub", 1) is None
        assert await names.name("hub", 2) == "eve"

    async def test_finds(self, names: UserNames) -> None:
        """Who has a name is found on all hubs, in order; nobody by a part of it, or once it is erased."""
        assert await names.find("ada") == ()
        for hub, user, name in (
            ("other", 2, "ada"),
            ("hub", 10, "ada"),
            ("hub", 9, "ada"),
            ("hub", 1, "eve"),
        ):
            await names.remember(hub, user, name)
        assert await names.find("ada") == (("hub", 9), ("hub", 10), ("other", 2))
        assert await names.find("ad") == await names.find("a%") == ()
        await names.forget("ada")
        assert await names.find("ada") == ()

    async def test_names_are_data(self, names: UserNames) -> None:
        """A name is kept as it is, whatever stands in it."""
        await names.remember("hub'; --", 1, "x'; DROP TABLE user_names; --")
        assert await names.name("hub'; --", 1) == "x'; DROP TABLE user_names; --"
