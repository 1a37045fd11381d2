"""The request that makes a selection again."""

from typing import Any

from ..values import Hardware, Selection
from .hardware import Flavors
from .offer import Offer


def request_for(offer: Offer, selection: Selection) -> dict[str, Any]:
    """The request with which `choose` finds this selection within this offer again.

    Where the offer has become another one since, `choose` judges what is asked for as it does any request;
    only a flavor that is no more, and hardware that can't be chosen any more, are left out.
    """
    request = {
        "offer": offer.id,
        "hardware": _hardware(offer, selection.hardware),
        "lifetime": selection.lifetime,
        "options": dict(selection.options),
    }
    return {key: said for key, said in request.items() if said not in ({}, None)}


def _hardware(offer: Offer, chosen: Hardware) -> dict[str, Any]:
    allowed = offer.hardware
    if isinstance(allowed, Flavors):
        found = next((each.name for each in allowed.flavors if each.hardware == chosen), None)
        return {} if found is None else {"flavor": found}
    said = {key: getattr(chosen, key) for key in allowed.keys}
    return {key: value for key, value in said.items() if value is not None}
