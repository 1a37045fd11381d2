"""What a template or an entry says about the offer itself: hardware, lifetime, options, who may choose it."""

from collections.abc import Callable, Mapping
from typing import Any

from ....domain.accounts import SYSTEM_ACCOUNTS, UnixAccount
from ....domain.offers import Flavor, Flavors, Lifetime, Range, Ranges
from ....domain.values import Hardware
from .document import Document
from .option_terms import options
from .problems import Path, Problem

Terms = dict[str, Any]
"""Fields of an Offer."""


def terms(document: Document, path: Path, said: Mapping[str, Any], report: list[Problem]) -> Terms:
    """The fields of an Offer that are said here; what contradicts itself is left out and reported."""
    found: Terms = {}
    for key, (offered, build) in _BUILDERS.items():
        if key in said:
            built = build(document, (*path, key), said[key], report)
            if built is not None:
                found[offered] = built
    if "hardware" in said and "flavors" in said:
        report.append(
            document.error((*path, "flavors"), "both hardware and flavors", "one of them", "Remove one.")
        )
    return found


def _as_it_is(_document: Document, _path: Path, said: Any, _report: list[Problem]) -> Any:
    return said


def _whole(_document: Document, _path: Path, said: Any, _report: list[Problem]) -> int:
    return int(said)


def _names(_document: Document, _path: Path, said: Any, _report: list[Problem]) -> Any:
    return said if isinstance(said, bool) else tuple(dict.fromkeys(said))


def _hardware(document: Document, path: Path, said: Any, report: list[Problem]) -> Ranges:
    amounts = {
        key: _range(document, (*path, key), said[key], report)
        for key in ("cpu", "memory", "gpu")
        if key in said
    }
    return Ranges(**amounts, gpu_kinds=tuple(dict.fromkeys(said.get("gpu_kind", ()))))


def _range(document: Document, path: Path, said: Any, report: list[Problem]) -> Range | None:
    if not isinstance(said, dict):
        return Range(said, said, said)
    minimum, maximum = said["minimum"], said["maximum"]
    default: float = {"default": minimum, **said}["default"]
    try:
        return Range(minimum, maximum, default)
    except ValueError:
        found = f"minimum {minimum:g}, default {default:g}, maximum {maximum:g}"
        report.append(document.error(path, found, "minimum <= default <= maximum"))
        return None


def _flavors(document: Document, path: Path, said: Any, report: list[Problem]) -> Flavors:
    seen: set[str] = set()
    for index, flavor in enumerate(said):
        if flavor["name"] in seen:
            place = (*path, index, "name")
            report.append(document.error(place, "the name of another flavor", "a name of its own"))
        seen.add(flavor["name"])
    return Flavors(tuple(_flavor(flavor) for flavor in said))


def _flavor(said: Mapping[str, Any]) -> Flavor:
    gpu = said.get("gpu")
    hardware = Hardware(
        cpu=said.get("cpu"),
        memory=said.get("memory"),
        gpu=None if gpu is None else int(gpu),
        gpu_kind=said.get("gpu_kind"),
    )
    return Flavor(said["name"], hardware, said.get("description", ""))


def _lifetime(document: Document, path: Path, said: Any, report: list[Problem]) -> Lifetime | None:
    try:
        return Lifetime(**{key: int(minutes) for key, minutes in said.items()})
    except ValueError as error:
        found = ", ".join(f"{key} {minutes:g}" for key, minutes in said.items())
        report.append(document.error(path, found, str(error)))
        return None


def _unix_account(document: Document, path: Path, said: Any, report: list[Problem]) -> UnixAccount | None:
    name = said.get("name")
    if (said["mode"] == "fixed") != (name is not None):
        found = "no name" if name is None else f"a name with mode {said['mode']}"
        report.append(document.error(path, found, "a name with mode fixed, and only then"))
        return None
    if name in SYSTEM_ACCOUNTS:
        report.append(document.error((*path, "name"), f"the system account {name}", "an account for people"))
        return None
    return UnixAccount(said["mode"], name)


def _labels(_document: Document, _path: Path, said: Any, _report: list[Problem]) -> Any:
    return tuple(sorted(said.items()))


_Build = Callable[[Document, Path, Any, list[Problem]], Any]
_BUILDERS: Mapping[str, tuple[str, _Build]] = {
    "display_name": ("name", _as_it_is),
    "description": ("description", _as_it_is),
    "hardware": ("hardware", _hardware),
    "flavors": ("hardware", _flavors),
    "lifetime": ("lifetime", _lifetime),
    "options": ("options", options),
    "allowed_groups": ("groups", _names),
    "allowed_users": ("users", _names),
    "inner_options": ("inner_options", _names),
    "unix_account": ("unix_account", _unix_account),
    "labels": ("labels", _labels),
    "start_timeout": ("start_timeout", _whole),
    "http_timeout": ("http_timeout", _whole),
    "poll_interval": ("poll_interval", _whole),
}
