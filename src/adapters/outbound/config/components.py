"""A template's configurer and authenticator: parsed and checked, usable here or not."""

from collections.abc import Callable, Iterator
from pathlib import Path as FilePath
from typing import Any

import attrs

from ....application.ports.configuration import Component
from ....application.substitution import KNOWN, OPTION, other_braces
from .document import Document
from .lookups import NotAvailable
from .playbooks import with_playbooks
from .problems import Path, Problem, has_errors, kind, near, shown
from .provider_settings import flaws, with_stand_ins
from .walking import texts


def component(
    document: Document,
    path: Path,
    said: dict[str, Any],
    find: Callable[[str], type],
    playbooks: tuple[FilePath, ...],
    report: list[Problem],
) -> tuple[Component | None, bool]:
    """The component (None if there is none) and whether the template can be used as far as it goes."""
    if not said:
        return None, True
    before = len(report)
    _check_braces(document, path, said, report)
    if "class" not in said:
        report.append(document.error(path, "no class", "class, or {} for none"))
        return None, False
    settings = {key: value for key, value in said.items() if key not in ("class", "kwargs")}
    settings = with_playbooks(document, path, settings, playbooks, report)
    made = Component(said["class"], settings | said.get("kwargs", {}))
    try:
        found: Any = find(made.class_path)
    except NotAvailable as why:
        place = (*path, "class")
        report.append(document.warning(place, made.class_path, "a class that can be used here", str(why)))
        return made, False
    declared = getattr(found, "settings_class", None)
    if declared is None or not attrs.has(declared):
        told = f"{made.class_path}, which declares no settings_class of attrs"
        report.append(document.warning((*path, "class"), told, "an adapter as the ports say"))
        return made, False
    if not has_errors(report[before:]):  # the class would say of the same key that it does not know it
        wrong = tuple(_flaws(document, path, said, made.settings, declared))
        report.extend(wrong or _remarks(document, path, said, made.settings, declared))
    return made, not has_errors(report[before:])


def _flaws(
    document: Document, path: Path, said: dict[str, Any], settings: Any, settings_class: type
) -> Iterator[Problem]:
    for key, expected in flaws(dict(settings), settings_class):
        # not the value: it may be a secret
        found = kind(settings[key]) if key in settings else "settings"
        yield document.error(_place(path, said, settings, key), found, expected)


def _remarks(
    document: Document, path: Path, said: dict[str, Any], settings: Any, settings_class: type
) -> Iterator[Problem]:
    """Settings that are taken and do something else than they did where they come from."""
    remarks = getattr(with_stand_ins(dict(settings), settings_class), "remarks", tuple)
    for key, instead in remarks():
        place, found = _place(path, said, settings, key), f"{key}, which does not do here what it did"
        yield document.warning(place, found, "nothing of it", f"Instead: {instead}.")


def _place(path: Path, said: dict[str, Any], settings: Any, key: str | None) -> Path:
    """Where a setting stands; the component itself for one that stands nowhere."""
    if key not in settings or key is None:
        return path
    inside = ("kwargs",) if key in said.get("kwargs", {}) else ()
    return (*path, *inside, key)


def _check_braces(document: Document, path: Path, said: Any, report: list[Problem]) -> None:
    names = (*KNOWN, f"{OPTION}NAME")
    expected = f"one of {', '.join(f'{{{name}}}' for name in names)}"
    for place, text in texts(said, path):
        report.extend(
            document.error(place, f"the placeholder {shown(braces)}", expected, near(braces[1:-1], names))
            for braces in other_braces(text)
        )
