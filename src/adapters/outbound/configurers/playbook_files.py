"""Finds the files that settings name, also where a part of the name is filled in by a user's choice."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from ....application.ports.configurer import ConfigurationFailed
from ....application.substitution import fill, placeholders

PACKAGE = Path(__file__).resolve().parents[3] / "playbooks"
"""Where the playbooks of this package lie."""

_PART = re.compile(r"(?!\.)[A-Za-z0-9._-]{1,100}", re.ASCII)
"""What may be filled into a path: it names something in a folder and leads nowhere else."""


def playbook(named: str, names: Mapping[str, str], folders: Iterable[Path]) -> Path:
    """The file that a name stands for, looked for in folders. Raises ConfigurationFailed."""
    wanted = Path(in_path(named, names)).expanduser()
    for folder in folders:
        if (folder / wanted).is_file():
            return folder / wanted
    raise missing(named)


def in_path(named: str, names: Mapping[str, str]) -> str:
    """A path with its placeholders filled in. Raises ConfigurationFailed for more than a plain name."""
    for name in placeholders(named):
        if not _PART.fullmatch(names.get(name, "")):
            raise missing(named)
    return str(fill(named, names))


def missing(named: str) -> ConfigurationFailed:
    """What is said of a playbook that isn't there."""
    return ConfigurationFailed(
        "playbook_missing",
        f"The machine can't be set up: there is no playbook {Path(named).name}.",
    )
