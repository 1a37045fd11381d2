"""Turns what a file says about options into an offer's typed options."""

import re
from collections.abc import Mapping
from typing import Any

from ....domain.offers import BadOption, BooleanOption, ChoiceOption, IntegerOption, Option, TextOption
from .document import Document
from .problems import Path, Problem, shown

_OWN_KEYS: Mapping[str, tuple[type[Option], tuple[str, ...], tuple[str, ...]]] = {
    "choice": (ChoiceOption, ("choices",), ()),
    "integer": (IntegerOption, ("minimum", "maximum"), ()),
    "boolean": (BooleanOption, (), ()),
    "text": (TextOption, (), ("pattern", "max_length")),
}
"""By type: the class, the keys that it needs, the keys that it may have beside those of every option."""
_EVERY = ("name", "type", "title", "description", "default")


def options(document: Document, path: Path, said: Any, report: list[Problem]) -> tuple[Option, ...]:
    """The options that can be made; what is wrong with the others is reported."""
    made: dict[str, Option] = {}
    for index, each in enumerate(said):
        if each["name"] in made:
            place = (*path, index, "name")
            report.append(document.error(place, "the name of another option", "a name of its own"))
        option = _option(document, (*path, index), each, report)
        if option is not None:
            made[option.name] = option
    return tuple(made.values())


def _option(document: Document, path: Path, said: Any, report: list[Problem]) -> Option | None:
    kind, needed, possible = _OWN_KEYS[said["type"]]
    known = _EVERY + needed + possible
    wrong = [
        document.error(
            (*path, key), f"{key} for type {said['type']}", f"only {', '.join(_EVERY + needed + possible)}"
        )
        for key in said
        if key not in known
    ]
    wrong += [
        document.error(path, f"no {key}", f"{key}, which type {said['type']} needs")
        for key in needed
        if key not in said
    ]
    report.extend(wrong)
    return None if wrong else _made(document, path, kind, said, report)


def _made(
    document: Document, path: Path, kind: type[Option], said: Any, report: list[Problem]
) -> Option | None:
    values = {key: _plain(value) for key, value in said.items() if key != "type"}
    try:
        option = kind(**values)
    except (re.error, OverflowError, RecursionError) as error:
        found = f"{shown(said['pattern'])}: {error}"
        report.append(document.error((*path, "pattern"), found, "a regular expression of Python"))
        return None
    if "minimum" in said and said["minimum"] > said["maximum"]:
        report.append(document.error(path, "a minimum over the maximum", "minimum <= maximum"))
    elif option.default is not None:
        _check_default(document, path, option, report)
    return option


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_plain(each) for each in value)
    return int(value) if isinstance(value, float) else value  # 2.0 stands for 2


def _check_default(document: Document, path: Path, option: Option, report: list[Problem]) -> None:
    try:
        option.accept(option.default)
    except BadOption:
        report.append(document.error((*path, "default"), shown(option.default), option.wanted))
