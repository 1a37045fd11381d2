"""What a user may send, as JSON Schema 2020-12; `choose` stays the judge."""

from collections.abc import Iterable, Sequence
from typing import Any

from .hardware import NUMBERS, Flavors, Ranges
from .naming import names
from .offer import LONGEST, Offer
from .words import flavor_words, titled

DIALECT = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]


def schema(offers: Iterable[Offer], *, empty: bool) -> Schema:
    """What a user with these offers (all that they may choose) may send.

    `empty`: whether null and `{}` are accepted, for what is remembered or the only offer. A body is valid
    if and only if `choose` accepts it, except for a text option with a Python pattern that JSON Schema has no
    equal of: then its pattern is left out, and said in the description.
    """
    known = tuple(offers)
    said: Schema = {"$schema": DIALECT, "title": "What can be started"}
    if not known:
        return {**said, "not": {}}
    alone = len(known) == 1
    branches = [offer_schema(*each, alone=alone) for each in zip(known, names(known), strict=True)]
    if empty:
        nothing = {"title": "As before, or the only offer", "type": ["object", "null"], "maxProperties": 0}
        branches.append(nothing)
    elif alone:
        branches[0]["minProperties"] = 1
    return {**said, "anyOf": branches}


def offer_schema(offer: Offer, names: Sequence[str], *, alone: bool = False) -> Schema:
    """What may be sent for one offer, which goes by these names; `alone`, it need not be named."""
    options = _object("Options", {each.name: each.schema for each in offer.options})
    options["required"] = [each.name for each in offer.options if each.default is None]
    own = {
        "offer": {"title": "Offer", "enum": list(names), "default": offer.id},
        "hardware": _hardware(offer.hardware),
        "lifetime": _lifetime(offer),
        "options": options,
    }
    passed = offer.inner_options if isinstance(offer.inner_options, tuple) else ()
    return {
        **_object(offer.name, {**dict.fromkeys(passed, True), **own}),
        **({"description": offer.description} if offer.description else {}),
        "required": [*(() if alone else ("offer",)), *(("options",) if options["required"] else ())],
        "additionalProperties": offer.inner_options is True,
    }


def _object(title: str, properties: Schema) -> Schema:
    return {"title": title, "type": "object", "properties": properties, "additionalProperties": False}


def _hardware(allowed: Ranges | Flavors) -> Schema:
    if isinstance(allowed, Flavors):
        return _object("Hardware", {"flavor": _flavor(allowed)})
    amounts = {name: _amount(name, allowed) for name in NUMBERS if getattr(allowed, name) is not None}
    if not allowed.gpu_kinds:
        return _object("Hardware", amounts)
    found = _object("Hardware", {**amounts, "gpu_kind": _gpu_kind(allowed)})
    if allowed.gpu is not None:
        # a kind only together with a GPU, be it asked for or the default
        needed = [] if int(allowed.gpu.default) else ["gpu"]
        with_gpu = {"properties": {"gpu": {"exclusiveMinimum": 0}}, "required": needed}
        found["dependentSchemas"] = {"gpu_kind": with_gpu}
    return found


def _flavor(allowed: Flavors) -> Schema:
    return {
        "title": titled("flavor"),
        "description": "; ".join(flavor_words(each) for each in allowed.flavors),
        "enum": list(dict.fromkeys(allowed.names)),
        "default": allowed.default,
    }


def _amount(name: str, allowed: Ranges) -> Schema:
    amount = getattr(allowed, name)
    whole = name == "gpu"
    return {
        "title": titled(name),
        "type": "integer" if whole else "number",
        "minimum": amount.minimum,
        "maximum": amount.maximum,
        "default": int(amount.default) if whole else amount.default,
    }


def _gpu_kind(allowed: Ranges) -> Schema:
    found: Schema = {"title": titled("gpu_kind"), "enum": list(dict.fromkeys(allowed.gpu_kinds))}
    if allowed.gpu is None or allowed.gpu.minimum > 0:
        return {**found, "default": allowed.gpu_kinds[0]}
    return {**found, "description": f"{allowed.gpu_kinds[0]} if there is a GPU and nothing is said"}


def _lifetime(offer: Offer) -> Schema:
    default, maximum = offer.lifetime.absent(), offer.lifetime.maximum
    return {
        "title": titled("lifetime"),
        "type": "integer",
        "minimum": 1,
        "maximum": LONGEST if maximum is None else maximum,
        **(
            {"description": "Until it is stopped if nothing is said"}
            if default is None
            else {"default": default}
        ),
    }
