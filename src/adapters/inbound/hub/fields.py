"""What stands in the fields of a filled form, as a request."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from ....domain.offers import BooleanOption, ChoiceOption, IntegerOption, Offer, Option

NUMBERS = ("cpu", "memory", "gpu")
"""Parts of the hardware that are numbers."""


def read_fields(data: Mapping[str, Any], offers: Sequence[Offer]) -> dict[str, Any]:
    """The request that fields make; an empty field says nothing.

    A field is called `hardware.cpu`, `lifetime` or `options.NAME`, in the form with `:` and the offer's id
    behind it: only those of the chosen offer count. Keys that are not ours stay as they are, for the inner
    spawner; what can't be read as a number stays text, which is refused with words.
    """
    chosen = _single(data.get("offer", ""))
    offer = _named(chosen, offers)
    request: dict[str, Any] = {"offer": chosen} if chosen else {}
    for key, value in data.items():
        name, _, of = key.partition(":")
        if key == "offer" or (of and (offer is None or of != offer.id)):
            continue
        _put(request, name, value, offer)
    return request


def _named(asked: Any, offers: Sequence[Offer]) -> Offer | None:
    if not asked and len(offers) == 1:
        return offers[0]
    by_id = (offer for offer in offers if asked == offer.id)
    by_name = (offer for offer in offers if asked in (offer.name, offer.entry))
    return next(by_id, None) or next(by_name, None)


def _put(request: dict[str, Any], name: str, value: Any, offer: Offer | None) -> None:
    kind, _, part = name.partition(".")
    text, option = _single(value), _option(part, offer)
    if kind not in ("hardware", "lifetime", "options"):
        request[name] = value
    elif text == "" and not (kind == "options" and "" in _choices(option)):
        return
    elif kind == "lifetime" and not part:
        request["lifetime"] = _number(text)
    elif kind == "hardware" and part:
        request.setdefault("hardware", {})[part] = _number(text) if part in NUMBERS else text
    elif kind == "options" and part:
        request.setdefault("options", {})[part] = _option_value(text, option)


def _option(name: str, offer: Offer | None) -> Option | None:
    options = offer.options if offer is not None else ()
    return next((option for option in options if option.name == name), None)


def _option_value(text: Any, option: Option | None) -> Any:
    if isinstance(option, BooleanOption):
        # a box sends `on`; before it the form has a hidden `false` for the box that is not ticked
        return {"on": True, "true": True, "false": False}.get(text, text)
    if isinstance(option, IntegerOption):
        return _number(text)
    return next((choice for choice in _choices(option) if str(choice) == text), text)


def _choices(option: Option | None) -> tuple[object, ...]:
    return option.choices if isinstance(option, ChoiceOption) else ()


def _single(value: Any) -> Any:
    """The last of several values of one field."""
    return value[-1] if isinstance(value, list) and value else value


def _number(text: Any) -> Any:
    for read in (int, float):
        with suppress(TypeError, ValueError):
            return read(text)
    return text
