"""Accounts of machines that no user gets by being called like them."""

from typing import Any

from attrs import evolve

from houses import OFFER, Outside
from multiplespawner.application.ports.configuration import Component, Configuration, Recipe
from multiplespawner.application.reserved_accounts import reserved_accounts
from multiplespawner.domain.accounts import UnixAccount
from multiplespawner.testing.fakes.memory_configurer import MemoryConfigurer, MemoryConfigurerSettings


def recipe(
    class_path: str | None = None, account: UnixAccount | None = None, provider: str = "hosts"
) -> Recipe:
    """Of an offer on a provider's machines."""
    offer: Any = evolve(OFFER, provider=provider, unix_account=account)
    configurer = None if class_path is None else Component(class_path, {})
    return Recipe(offer, "a.Spawner", {}, configurer=configurer)


async def test_they_are_those_of_all_offers_of_the_machines() -> None:
    """Who sets them up for any, and whom many share; what can't be made names nobody."""
    outside = Outside()
    for name, user in (("a.Book", "boss"), ("b.Book", None), ("c.Book", "other")):
        outside.components.configurers[name] = MemoryConfigurer(MemoryConfigurerSettings(ansible_user=user))
    recipes = (
        recipe("a.Book"),
        recipe("a.Book", UnixAccount("existing")),
        recipe("b.Book", UnixAccount("fixed", "people")),
        recipe("missing.Book", UnixAccount("create")),
        recipe("c.Book", provider="elsewhere"),
        recipe(),
    )
    configuration = Configuration("", (), recipes=recipes)
    house = outside.house()

    found = await reserved_accounts(configuration, "hosts", house.performer.configuring)

    assert found == {"boss", "people"}
    await house.close()
