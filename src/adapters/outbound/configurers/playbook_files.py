"""Finds the files that settings name, also where a part of the name is filled in by a user's choice."""

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from attrs import frozen

from ....application.ports.configurer import ConfigurationFailed
from ....application.substitution import fill, placeholders
from .ansible_settings import AnsibleSettings

PACKAGE = Path(__file__).resolve().parents[3] / "playbooks"
"""Where the playbooks of this package lie."""

_PART = re.compile(r"(?!\.)[A-Za-z0-9._-]{1,100}", re.ASCII)
"""What may be filled into a path: it names something in a folder and leads nowhere else."""


@frozen
class Files:
    """Where everything lies that settings name."""

    playbooks: tuple[Path, ...]
    inventory: Path | None
    """A file, or a folder."""
    roles: tuple[Path, ...]
    collections: tuple[Path, ...]


def files_of(
    settings: AnsibleSettings, folders: Iterable[Path], names: Mapping[str, str] | None = None
) -> Files:
    """All that settings name, looked for in folders; without names, only what is there for each choice.

    Raises ConfigurationFailed.
    """

    def found(what: str, is_there: Callable[[Path], bool], named: Iterable[str]) -> tuple[Path, ...]:
        sure = [each for each in named if names is not None or not any(placeholders(each))]
        return tuple(_found(each, names or {}, folders, what, is_there) for each in sure)

    inventory = settings.options.inventory_path
    return Files(
        found("playbook", Path.is_file, settings.options.apply_kwargs.all()),
        next(iter(found("inventory", Path.exists, (inventory,) if inventory else ())), None),
        found("folder of roles", Path.is_dir, settings.roles_path),
        found("folder of collections", Path.is_dir, settings.collections_path),
    )


def in_path(named: str, names: Mapping[str, str], what: str = "playbook") -> str:
    """A path with its placeholders filled in. Raises ConfigurationFailed for more than a plain name."""
    for name in placeholders(named):
        if not _PART.fullmatch(names.get(name, "")):
            raise missing(named, what)
    return str(fill(named, names))


def missing(named: str, what: str = "playbook") -> ConfigurationFailed:
    """What is said of something that isn't there."""
    return ConfigurationFailed(
        "playbook_missing",
        f"The machine can't be set up: there is no {what} {Path(named).name}.",
    )


def _found(
    named: str,
    names: Mapping[str, str],
    folders: Iterable[Path],
    what: str,
    is_there: Callable[[Path], bool],
) -> Path:
    wanted = Path(in_path(named, names, what)).expanduser()
    for folder in folders:
        if is_there(folder / wanted):
            return folder / wanted
    raise missing(named, what)
