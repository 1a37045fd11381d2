"""Turn what stands in a JSON file into what a spawner's trait takes: "True" into True, "22" into 22."""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import Any
from warnings import catch_warnings, simplefilter

from traitlets import Bool, HasTraits, TraitError, TraitType, Union


class DoesNotFit(ValueError):
    """A value that a trait doesn't take. Says what was expected, not the value: it may be a secret."""

    def __init__(self, name: str, expected: str, found: str) -> None:
        super().__init__(f"{name} takes {expected}; found a value of type {found}")
        self.name = name
        """The trait's name; empty for an element of a list."""
        self.expected = expected
        """What the trait takes, in words: "an int"."""
        self.found = found
        """The name of the type found."""


def fit(value: Any, trait: TraitType[Any, Any]) -> Any:
    """Return `value` as it is if `trait` takes it, else read as what the trait takes.

    A string stays a string where the trait takes strings. Elements of lists and dicts are fitted one by one.
    Raises DoesNotFit.
    """
    if accepts(trait, value):
        return value
    for read in _readings(value, trait):
        with suppress(Exception), catch_warnings():
            simplefilter("ignore", DeprecationWarning)
            found = read()
            if accepts(trait, found):
                return found
    raise DoesNotFit(trait.name or "", trait.info(), type(value).__name__)


def accepts(trait: TraitType[Any, Any], value: Any) -> bool:
    """Whether the trait takes the value as it is."""
    if isinstance(trait, Bool) and isinstance(value, str):
        return False  # the casting one takes any text for True, "False" too
    try:
        trait._validate(HasTraits(), value)
    except TraitError:
        return False
    except Exception:
        return True  # a validator that needs its spawner: setting the trait will tell
    return True


def _readings(value: Any, trait: TraitType[Any, Any]) -> Iterator[Callable[[], Any]]:
    """Yield the other ways to read `value`, most literal first; each may raise."""
    if isinstance(trait, Union):
        for each in trait.trait_types:
            yield partial(fit, value, each)
    elif isinstance(value, str):
        if value.lstrip()[:1] in ("[", "{"):
            yield lambda: fit(json.loads(value), trait)
        yield lambda: trait.from_string(value)
    elif isinstance(value, (list, tuple)):
        yield lambda: type(value)(fit(each, element(trait)) for each in value)
    elif isinstance(value, dict):
        yield lambda: {key: fit(each, element(trait, key)) for key, each in value.items()}


def element(trait: TraitType[Any, Any], key: object = None) -> TraitType[Any, Any]:
    """Return the trait of a container's element; traitlets has no public way to ask."""
    per_key = getattr(trait, "_per_key_traits", None) or {}
    found = per_key.get(key) or getattr(trait, "_value_trait", None) or getattr(trait, "_trait", None)
    return found if isinstance(found, TraitType) else TraitType()
