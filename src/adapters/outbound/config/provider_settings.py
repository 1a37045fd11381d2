"""Compares settings with the attrs class in which a provider declares them."""

from typing import Any

import attrs
from cattrs import AttributeValidationNote, ClassValidationError, Converter

from .secret_values import is_reference


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


def flaws(settings: dict[str, Any], settings_class: type) -> tuple[tuple[str | None, str], ...]:
    """What the class doesn't take: (setting or None for all together, what is expected)."""
    stand_in = {key: "secret" if is_reference(value) else value for key, value in settings.items()}
    try:
        structured(stand_in, settings_class)
    except ClassValidationError as error:
        return tuple(_flaw(each, settings_class) for each in error.exceptions)
    except Exception as error:  # a foreign class may have types that can't be read from JSON
        return (_flaw(error, settings_class),)
    return ()


def _flaw(error: BaseException, settings_class: type) -> tuple[str | None, str]:
    for note in getattr(error, "__notes__", ()):
        if isinstance(note, AttributeValidationNote):
            if isinstance(error, KeyError):
                return None, f"{note.name}, which must be given"
            return note.name, getattr(note.type, "__name__", str(note.type))
    return None, f"what {settings_class.__name__} takes: {str(error)[:200]}"


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
