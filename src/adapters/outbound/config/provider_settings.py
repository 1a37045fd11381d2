"""Compares settings with the attrs class in which a provider declares them."""

from collections.abc import Iterator, Mapping
from types import UnionType
from typing import Any, get_args, get_origin

import attrs
from cattrs import (
    AttributeValidationNote,
    ClassValidationError,
    Converter,
    ForbiddenExtraKeysError,
    IterableValidationError,
    IterableValidationNote,
)

from .secret_values import is_reference

WORDS: dict[Any, str] = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "text",
    tuple: "a list",
    list: "a list",
    dict: "an object",
    Mapping: "an object",
}
"""What is expected of a field of these types."""
LONGEST = 2000
"""Characters of what a class says of its settings."""


def undeclared(provider: type) -> str:
    """The first thing that a provider class should declare and doesn't; nothing if it is complete."""
    for name in ("types", "allocates", "settings_class"):
        if not hasattr(provider, name):
            return name
    return "" if attrs.has(provider.settings_class) else "settings_class of attrs"  # type: ignore[attr-defined]


def known_settings(settings_class: type) -> tuple[str, ...]:
    """Names of the settings."""
    return tuple(field.alias or field.name for field in attrs.fields(settings_class) if field.init)


def structured(settings: dict[str, Any], settings_class: type) -> Any:
    """The settings as an object of the class; text such as "22" and "True" becomes what the field wants.

    Raises cattrs' ClassValidationError.
    """
    return _converter().structure(settings, settings_class)


def with_stand_ins(settings: dict[str, Any], settings_class: type) -> Any:
    """The settings as an object of the class, each secret a mere text. Raises like `structured`."""
    stand_in = {key: "secret" if is_reference(value) else value for key, value in settings.items()}
    return structured(stand_in, settings_class)


def flaws(settings: dict[str, Any], settings_class: type) -> tuple[tuple[str | None, str], ...]:
    """What the class doesn't take: (setting or None for all together, what is expected)."""
    try:
        with_stand_ins(settings, settings_class)
    except ClassValidationError as error:
        return tuple(flaw for each in error.exceptions for flaw in _flaws(each, settings_class))
    except Exception as error:  # a foreign class may have types that can't be read from JSON
        return tuple(_flaws(error, settings_class))
    return ()


def _flaws(error: BaseException, settings_class: type) -> Iterator[tuple[str | None, str]]:
    note = _note(error)
    if not isinstance(note, AttributeValidationNote):
        yield None, f"what {settings_class.__name__} takes: {_said(error)}"
    elif isinstance(error, KeyError):
        yield None, f"{note.name}, which must be given"
    else:
        yield from ((note.name, expected) for expected in _expected(error, ""))


def _expected(error: BaseException, place: str) -> Iterator[str]:
    """What is expected of a value, or of each part of it that is not as it should be."""
    if isinstance(error, ClassValidationError | IterableValidationError):
        for part in error.exceptions:
            yield from _expected(part, place + _place(part))
        return
    note = _note(error)
    if isinstance(error, KeyError):
        expected = "must be given"
    elif note is not None:
        # not what the error says: it may tell the value, which may be a secret
        expected = _kind(note.type)
    else:
        expected = _said(error)
    yield f"{place}: {expected}" if place else expected


def _kind(type_: Any) -> str:
    """What a field of a type takes; of an optional one, what it takes beside None."""
    first = next((each for each in get_args(type_) if each is not type(None)), None)
    if isinstance(type_, UnionType) and first is not None:
        return _kind(first)
    if attrs.has(get_origin(type_) or type_):
        return "an object"
    return WORDS.get(get_origin(type_) or type_, getattr(type_, "__name__", str(type_)))


def _place(error: BaseException) -> str:
    match _note(error):
        case AttributeValidationNote(name=name):
            return f".{name}"
        case IterableValidationNote(index=index):
            return f"[{index}]"
    return ""


def _note(error: BaseException) -> AttributeValidationNote | IterableValidationNote | None:
    notes = getattr(error, "__notes__", ())
    kinds = AttributeValidationNote | IterableValidationNote
    return next((note for note in notes if isinstance(note, kinds)), None)


def _said(error: BaseException) -> str:
    if isinstance(error, ForbiddenExtraKeysError):
        known = ", ".join(known_settings(error.cl))
        return f"{', '.join(sorted(error.extra_fields))} is not known; known are {known}"
    return str(error)[:LONGEST]


def _converter() -> Converter:
    converter = Converter(forbid_extra_keys=True, use_alias=True)
    converter.register_structure_hook(bool, _boolean)
    converter.register_structure_hook(int, _whole)
    converter.register_structure_hook(float, _number)
    converter.register_structure_hook(str, _text)
    return converter


def _boolean(value: Any, _type: Any) -> bool:
    words = {"true": True, "yes": True, "false": False, "no": False}
    found = words.get(value.lower()) if isinstance(value, str) else value
    if not isinstance(found, bool):
        raise TypeError("true or false")
    return found


def _whole(value: Any, _type: Any) -> int:
    if isinstance(value, bool) or (isinstance(value, float) and not value.is_integer()):
        raise TypeError("a whole number")
    return int(value)


def _number(value: Any, _type: Any) -> float:
    if isinstance(value, bool):
        raise TypeError("a number")
    return float(value)


def _text(value: Any, _type: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("text")
    return value
