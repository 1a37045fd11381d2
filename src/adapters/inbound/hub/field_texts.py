"""How the fields of a form are called, and what they hold for each type of a schema."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from ....domain.offers import Offer

Said = Mapping[str, Any]
"""What a schema says of one property."""


def key_of(name: str, offer: Offer) -> str:
    """A field's name with its offer's id behind a colon; other colons in the name are escaped."""
    return f"{name.replace('%', '%25').replace(':', '%3A')}:{offer.id}"


def name_of(key: str, offer: Offer | None, ids: set[str]) -> str | None:
    """The name of a field of this offer, or that comes without one; None for another offer's."""
    name, colon, of = key.partition(":")
    if colon and offer is not None and of == offer.id:
        return name.replace("%3A", ":").replace("%25", "%")
    # a form may still have fields of an offer that is no more; ids are provider/template/entry
    is_of_another = of in ids or (of.count("/") == 2 and is_ours(name))
    return None if colon and is_of_another else key


def is_ours(name: str) -> bool:
    """Whether it is a part of a selection, and no key of the inner spawner."""
    return name in ("hardware", "lifetime", "options") or name.startswith(("hardware.", "options."))


def read(said: Said, text: Any) -> Any:
    """The value that a text stands for; the text where it stands for none."""
    if not isinstance(text, str) or said.get("type") == "string":
        return text
    if "enum" in said:
        plain = {str(choice): choice for choice in said["enum"]}
        return {**plain, **sent(said["enum"])}.get(text, text)
    if said["type"] == "boolean":
        return {"on": True, "true": True, "false": False}.get(text, text)
    return _number(text)


def written(said: Said, value: Any) -> str | None:
    """The text that stands for a value; None for a choice that there is not."""
    if "enum" in said:
        is_text = isinstance(value, str)
        texts = sent(said["enum"]).items()
        return next(
            (text for text, each in texts if each == value and isinstance(each, str) == is_text), None
        )
    if isinstance(value, str):
        return value
    is_whole = isinstance(value, float) and value.is_integer()
    return json.dumps(int(value) if is_whole else value)


def sent(choices: Sequence[str | int]) -> dict[str, str | int]:
    """What is sent for each choice: itself, or JSON where that would be taken for another or for nothing.

    Also where one has several lines: a browser sends ends of lines as it likes.
    """
    plain = {str(choice): choice for choice in choices}
    if len(plain) == len(choices) and all(text.splitlines() == [text] for text in plain):
        return plain
    return {json.dumps(choice, ensure_ascii=False): choice for choice in choices}


def _number(text: str) -> Any:
    for number in (int, float):
        with suppress(ValueError):
            return number(text)
    return text
