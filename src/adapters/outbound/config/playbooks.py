"""Finds the playbooks that a configurer names: beside the template file, then in the package."""

from os.path import isfile
from pathlib import Path as FilePath
from typing import Any

from .document import Document
from .problems import Path, Problem, shown

WHERE = ("options", "apply_kwargs")
"""Where a configurer's settings name playbooks: `playbook_path` (one) or `playbook_paths` (a list)."""
MOST = 100
"""Playbooks in a list."""


def with_playbooks(
    document: Document,
    path: Path,
    settings: dict[str, Any],
    folders: tuple[FilePath, ...],
    report: list[Problem],
) -> dict[str, Any]:
    """The settings with absolute paths; a playbook that isn't there stays as it is named and is reported."""
    options = settings.get(WHERE[0])
    if not isinstance(options, dict) or not isinstance(options.get(WHERE[1]), dict):
        return settings
    apply_kwargs = options[WHERE[1]]
    found = dict(apply_kwargs)
    for key in ("playbook_path", "playbook_paths"):
        if key in found:
            found[key] = _all(document, (*path, *WHERE, key), found[key], folders, report)
    return {**settings, WHERE[0]: {**options, WHERE[1]: found}}


def _all(
    document: Document, path: Path, named: Any, folders: tuple[FilePath, ...], report: list[Problem]
) -> Any:
    if isinstance(named, list) and len(named) <= MOST:
        return [_all(document, (*path, index), each, folders, report) for index, each in enumerate(named)]
    if not isinstance(named, str):
        report.append(
            document.error(path, shown(named), f"the path of a playbook, or a list of at most {MOST}")
        )
        return named
    if "{" in named:
        return named  # known only when something starts
    for file in _candidates(document, named, folders):
        if isfile(file):  # unlike the method of Path, it answers for names that no file can have
            return str(file)
    places = ", ".join(str(folder) for folder in (FilePath(document.file).parent, *folders))
    where = "there" if named.startswith(("/", "~")) else f"in {places}"
    report.append(document.warning(path, f"no playbook {shown(named)}", f"a file {where}"))
    return named


def _candidates(document: Document, named: str, folders: tuple[FilePath, ...]) -> list[FilePath]:
    try:
        wanted = FilePath(named).expanduser()
    except RuntimeError:  # the home of a user that doesn't exist
        return []
    beside = FilePath(document.file).absolute().parent
    return [folder / wanted for folder in (beside, *folders)]
