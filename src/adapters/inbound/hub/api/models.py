"""Offers and what is chosen within them, as JSON."""

from collections.abc import Mapping
from typing import Any

from attrs import asdict

from .....application.ports.provider import Availability
from .....domain.offers import (
    BooleanOption,
    Choice,
    ChoiceOption,
    Flavors,
    IntegerOption,
    Offer,
    Option,
    Ranges,
    TextOption,
    request_for,
    words,
)
from .....domain.values import Selection

TYPES: Mapping[type[Option], str] = {
    ChoiceOption: "choice",
    IntegerOption: "integer",
    BooleanOption: "boolean",
    TextOption: "text",
}
"""What each kind of option is called in a template."""


def offer_model(offer: Offer) -> dict[str, Any]:
    """An offer with what can be chosen within it."""
    hardware = offer.hardware
    return {
        "id": offer.id,
        "name": offer.name,
        "description": offer.description,
        "type": offer.type,
        "provider": offer.provider,
        "summary": " · ".join(filter(None, (words.summary(offer), words.lasts(offer)))),
        "hardware": _flavors(hardware) if isinstance(hardware, Flavors) else _ranges(hardware),
        "lifetime": asdict(offer.lifetime),
        "options": [{"type": TYPES[type(option)], **asdict(option)} for option in offer.options],
    }


def availability_model(available: Availability) -> dict[str, Any]:
    """Whether it can be had now; stands within the offer."""
    return {"free": available.free, "wait": available.wait and available.wait.total_seconds()}


def choice_model(choice: Choice, available: Availability) -> dict[str, Any]:
    """What would be started, with nothing left to defaults."""
    offer, selection = choice.offer, choice.selection
    return {
        "offer": {**offer_model(offer), "availability": availability_model(available)},
        "selection": _selection(selection),
        "request": {**choice.inner, **request_for(offer, selection)},
        "words": ": ".join(filter(None, (offer.name, words.selection_words(selection)))),
    }


def _selection(selection: Selection) -> dict[str, Any]:
    return {
        "hardware": asdict(selection.hardware),
        "lifetime": selection.lifetime,
        "options": dict(selection.options),
    }


def _ranges(ranges: Ranges) -> dict[str, Any]:
    found = {name: asdict(getattr(ranges, name)) for name in ranges.keys if name != "gpu_kind"}
    return found | ({"gpu_kind": ranges.gpu_kinds} if ranges.gpu_kinds else {})


def _flavors(flavors: Flavors) -> dict[str, Any]:
    each = [
        {"name": flavor.name, "description": flavor.description, **asdict(flavor.hardware)}
        for flavor in flavors.flavors
    ]
    return {"flavors": each, "default": flavors.default}
