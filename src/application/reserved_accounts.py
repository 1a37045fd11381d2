"""Accounts of a provider's machines that no user gets by being called like them."""

from ..domain.offers import Offer
from .performing.configuring import Configuring
from .ports.configuration import Configuration


async def reserved_accounts(
    configuration: Configuration, provider: str, configuring: Configuring
) -> frozenset[str]:
    """Those that set the provider's machines up, for whichever offer, and those that many users share.

    The account with which the provider itself logs in is known only once there is a machine.
    """
    there = [recipe for recipe in configuration.recipes if recipe.offer.provider == provider]
    shared = (_shared(recipe.offer) for recipe in there)
    # many entries have the one of their template
    configurers = {id(recipe.configurer): recipe.configurer for recipe in there if recipe.configurer}
    setting_up = [await configuring.account(each.document()) for each in configurers.values()]
    return frozenset(name for name in (*shared, *setting_up) if name)


def _shared(offer: Offer) -> str | None:
    account = offer.unix_account
    return account.name if account is not None and account.mode == "fixed" else None
