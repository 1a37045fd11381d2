"""Fill names into a template's kwargs so that what a user typed stays text, and adds no structure."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from traitlets import Container, Dict, TraitType, Union

from ....application.substitution import fill
from .fitting import DoesNotFit, accepts, element, fit

if TYPE_CHECKING:
    # the command line checks files with this family, and starts without the hub
    from jupyterhub.spawner import Spawner

Filled = Callable[[Any], Any]


def fill_in(
    spawner_class: type[Spawner], kwargs: Mapping[str, Any], names: Mapping[str, str]
) -> dict[str, Any]:
    """The kwargs with `{name}` replaced in every text.

    JSON text for a list or dict of the class is read before, as the administrator wrote it. Where the text of
    a list or dict can be read only after it is filled in, it stays as it is: no trait takes that.
    """
    traits, filled = spawner_class.class_traits(), partial(fill, names=names)
    return {name: _filled(value, traits.get(name, TraitType()), filled) for name, value in kwargs.items()}


def _filled(value: Any, trait: TraitType[Any, Any], filled: Filled) -> Any:
    if isinstance(value, str):
        text = filled(value)
        return value if text == value else _text(value, text, trait, filled)
    if isinstance(value, Mapping):
        kind = _part(trait, dict)
        return {key: _filled(inner, element(kind, key), filled) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        kind = _part(trait, type(value))
        return [_filled(inner, element(kind), filled) for inner in value]
    return value


def _text(value: str, text: str, trait: TraitType[Any, Any], filled: Filled) -> Any:
    """What a text with placeholders, `value`, becomes where they say `text`."""
    parts = trait.trait_types if isinstance(trait, Union) else [trait]
    scalars = [part for part in parts if not isinstance(part, Container | Dict)]
    if len(scalars) == len(parts) or accepts(trait, text):
        return text
    for part in scalars:
        with suppress(DoesNotFit):
            return fit(text, part)
    try:
        structure = json.loads(value)
    except ValueError:
        return value
    return value if isinstance(structure, str) else _filled(structure, trait, filled)


def _part(trait: TraitType[Any, Any], kind: type) -> TraitType[Any, Any]:
    """Of several traits the one that is for a list or for a dict."""
    wanted = Dict if kind is dict else Container
    parts = trait.trait_types if isinstance(trait, Union) else []
    return next((part for part in parts if isinstance(part, wanted)), trait)
