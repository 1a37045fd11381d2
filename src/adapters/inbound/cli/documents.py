"""What the log says: as JSON for programs, and in short for people."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import Any

import attrs

from ....application.views.history import Told
from ....domain.values import Amount
from .screen import local

COLUMNS = {"server", "session", "resource", "deployment", "token"}
"""Fields that a line has columns of its own for, and the mark that is made of them."""


def json_text(value: Any) -> str:
    """One line of JSON in ASCII, in which nothing can move a cursor; of attrs classes their fields."""
    return _JSON.encode(value)


def fields(value: Any) -> dict[str, Any]:
    """The fields of an attrs class by name."""
    return {name: getattr(value, name) for name in _field_names(value.__class__)}


def document(told: Told, user: str | None) -> dict[str, Any]:
    """A record as it lies in the log, and what it is about, with the user's name if it is known."""
    return {**fields(told.record), "about": {**fields(told.subject), "user_name": user}}


def in_short(fact: Any) -> str:
    """What a fact carries, without ids and what is empty: `offer=local/Process/small lifetime=60`."""
    said = {name: value for name, value in fields(fact).items() if name not in COLUMNS}
    return " ".join(f"{name}={_word(value)}" for name, value in leaves(said))


def leaves(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """All that a value says, as names and words; what is empty is left out."""
    match value:
        case None | "" | False | ():
            return
        case Amount(of, quantity):
            yield of, f"{quantity:g}"
        case datetime():
            yield name, local(value)
        case (str(option), chosen) if name == "options":
            yield option, str(chosen)
        case tuple():
            for each in value:
                yield from leaves(each, name)
        case Mapping():
            for key, each in value.items():
                yield from leaves(each, key)
        case _ if attrs.has(type(value)):
            yield from leaves(fields(value))
        case _:
            yield name, str(value)


@cache
def _field_names(type_: type[attrs.AttrsInstance]) -> tuple[str, ...]:
    return tuple(field.name for field in attrs.fields(type_))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    if attrs.has(type(value)):
        return fields(value)
    raise TypeError(f"{type(value).__name__} can't be said in JSON")


_JSON = json.JSONEncoder(default=_plain)


def _word(said: str) -> str:
    if len(said) in (32, 64) and set(said) <= set("0123456789abcdef"):
        return said[:8]
    return f'"{said}"' if " " in said else said
