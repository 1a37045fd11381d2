"""The fields that a form shows for an offer, and what filled ones mean, both by the offer's schema."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, Literal

from attrs import frozen

from ....domain.offers import BadOption, Flavors, Offer, offer_schema
from ....domain.offers.naming import called
from ....domain.offers.words import MEASURES, flavor_words
from .field_texts import is_ours, key_of, name_of, read, sent, written

__all__ = ["XSRF", "Field", "fields_of", "filled", "is_ours", "meant", "read_fields"]

XSRF = "_xsrf"
"""Key of the hub's token against forms of other sites: a secret, and no part of a request."""

Kind = Literal["number", "integer", "boolean", "choice", "text", "flavor"]


@frozen(kw_only=True)
class Field:
    """One thing that can be chosen within an offer; every value is the text that a form sends for it."""

    name: str
    """As in a query and as a refusal's place: `hardware.cpu`, `lifetime`, `options.NAME`."""
    key: str
    """The name in a form that has the fields of several offers: `hardware.cpu:OFFERID`."""
    kind: Kind
    label: str
    unit: str = ""
    """`GiB` or `minutes`; empty for none."""
    minimum: float | None = None
    maximum: float | None = None
    """Both allowed; None where it isn't a number."""
    default: str | None = None
    """What is sent for the default, `true` or `false` for a boolean; None where there is none.

    A form has its text fields filled with it: an empty one means the empty text, where that is allowed.
    """
    choices: tuple[tuple[str, str], ...] = ()
    """What is sent for each, and its words; where there is no default, an empty one comes first."""
    required: bool = False
    help: str = ""


def fields_of(offer: Offer) -> tuple[Field, ...]:
    """All that can be chosen within an offer: hardware, lifetime, then its own options."""
    return tuple(_field(offer, name, *said) for name, said in _properties(offer).items())


def filled(offer: Offer, request: Mapping[str, Any]) -> dict[str, str]:
    """What the fields hold, by name, that make this request; fields of which it says nothing are left out."""
    properties = _properties(offer)
    texts = {
        name: written(properties[name][0], value) for name, value in _flat(request) if name in properties
    }
    return {name: text for name, text in texts.items() if text is not None}


def read_fields(data: Mapping[str, Any], offers: Sequence[Offer]) -> dict[str, Any]:
    """The request that fields make; an empty field says nothing, unless its option takes an empty text.

    A field is called as in `Field.name`, in a form as in `Field.key`: of those only the chosen offer's count.
    Keys that are not ours stay as they are, for the inner spawner; what can't be read as the type that is
    wanted stays text, which is refused with words. Before a box that may be ticked stands a hidden `false`.
    """
    chosen = _single(data.get("offer", ""))
    offer = meant(chosen, offers)
    properties = _properties(offer) if offer is not None else {}
    ids = {each.id for each in offers}
    request: dict[str, Any] = {"offer": chosen} if chosen else {}
    for key, value in data.items():
        name = name_of(key, offer, ids)
        if name in (None, "offer", XSRF):
            continue
        text = _single(value)
        if text == "" and is_ours(name) and not _takes_empty(offer, name):
            continue
        said, _ = properties.get(name, (None, False))
        _put(request, name, value if not is_ours(name) else text if said is None else read(said, text))
    return request


def meant(asked: Any, offers: Sequence[Offer]) -> Offer | None:
    """The offer that is asked for, or the only one where none is; None if that isn't one."""
    if not asked and len(offers) == 1:
        return offers[0]
    fitting = called(offers).get(asked, ()) if isinstance(asked, str) else ()
    return fitting[0] if len(fitting) == 1 else None


def _put(request: dict[str, Any], name: str, value: Any) -> None:
    kind, _, part = name.partition(".")
    if part and kind in ("hardware", "options"):
        parts = request.setdefault(kind, {})
        if isinstance(parts, dict):
            parts[part] = value
    else:
        request[name] = value


def _takes_empty(offer: Offer | None, name: str) -> bool:
    for option in offer.options if offer is not None else ():
        if f"options.{option.name}" == name:
            with suppress(BadOption):
                option.accept("")
                return True
    return False


def _single(value: Any) -> Any:
    """The last of several values of one field."""
    return value[-1] if isinstance(value, list) and value else value


def _properties(offer: Offer) -> dict[str, tuple[Mapping[str, Any], bool]]:
    """What the schema says of each field, and whether it must be given."""
    schema = offer_schema(offer, ())["properties"]
    options = schema["options"]
    return {
        **{f"hardware.{name}": (said, False) for name, said in schema["hardware"]["properties"].items()},
        "lifetime": (schema["lifetime"], False),
        **{
            f"options.{name}": (said, name in options["required"])
            for name, said in options["properties"].items()
        },
    }


def _flat(request: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in request.items():
        if isinstance(value, Mapping):
            yield from ((f"{key}.{part}", said) for part, said in value.items())
        else:
            yield key, value


def _field(offer: Offer, name: str, said: Mapping[str, Any], required: bool) -> Field:
    kind = _kind(name, said)
    _, unit = MEASURES.get(name.removeprefix("hardware."), ("", ""))
    return Field(
        name=name,
        key=key_of(name, offer),
        kind=kind,
        label=said["title"].removesuffix(f" ({unit})") if unit else said["title"],
        unit=unit,
        minimum=said.get("minimum"),
        maximum=said.get("maximum"),
        default=written(said, said["default"]) if "default" in said else None,
        choices=_choices(offer, kind, said),
        required=required,
        help=said.get("description", ""),
    )


def _kind(name: str, said: Mapping[str, Any]) -> Kind:
    if name == "hardware.flavor":
        return "flavor"
    kinds: Mapping[str, Kind] = {
        "number": "number",
        "integer": "integer",
        "boolean": "boolean",
        "string": "text",
    }
    return "choice" if "enum" in said else kinds[said["type"]]


def _choices(offer: Offer, kind: Kind, said: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    texts = sent(said.get("enum", ()))
    if kind == "flavor" and isinstance(offer.hardware, Flavors):
        flavors = {flavor.name: flavor_words(flavor) for flavor in offer.hardware.flavors}
        return tuple((text, flavors[str(name)]) for text, name in texts.items())
    words = [str(choice) for choice in texts.values()]
    # where two look the same, what is sent tells them apart
    plain = {word for word in words if word and words.count(word) == 1 and word not in texts}
    return tuple((text, word if word in plain else text) for text, word in zip(texts, words, strict=True))
