"""Accounts of a provider's machines that no user gets by being called like them."""

from collections.abc import Iterable, Mapping
from typing import Any

from ..domain.offers import Offer
from .canonical_json import canonical_json
from .performing.configuring import Configuring
from .ports.configuration import Configuration, Recipe


async def reserved_accounts(
    configuration: Configuration, provider: str, configuring: Configuring
) -> frozenset[str]:
    """Those that set the provider's machines up, for whichever offer, and those that many users share.

    The account with which the provider itself logs in is known only once there is a machine.
    """
    there = [recipe for recipe in configuration.recipes if recipe.offer.provider == provider]
    shared = (_shared(recipe.offer) for recipe in there)
    setting_up = [await configuring.account(each) for each in _configurers(there)]
    return frozenset(name for name in (*shared, *setting_up) if name)


def _shared(offer: Offer) -> str | None:
    account = offer.unix_account
    return account.name if account is not None and account.mode == "fixed" else None


def _configurers(recipes: Iterable[Recipe]) -> Iterable[Mapping[str, Any]]:
    """Each once: many entries have the one of their template."""
    said: Iterable[dict[str, Any]] = (
        {"class": recipe.configurer.class_path, "settings": recipe.configurer.settings}
        for recipe in recipes
        if recipe.configurer is not None
    )
    return {canonical_json(each): each for each in said}.values()
