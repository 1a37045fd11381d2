"""All files that decide what a playbook does, as one digest."""

import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

FOLDERS = (
    *("roles", "tasks", "handlers", "vars", "defaults", "files", "templates", "group_vars", "host_vars"),
    *("library", "module_utils", "collections", "playbooks"),
)
"""Folders beside a playbook in which Ansible looks for parts of it, besides those of plug-ins."""
_PLUGINS = "*_plugins"
_PLAYS = (".yml", ".yaml")
_WORD = re.compile(rb"(?:/|(?:\.\.?/)+)?[A-Za-z0-9_@+-][A-Za-z0-9._@+/-]*")
_ABSOLUTE = (*_PLAYS, ".json", ".j2")
"""Endings of what counts where it is named by an absolute path: most others are paths of the machine."""
_LARGEST = 1024 * 1024
"""Bytes of a file in which names of others are looked for."""
_MOST = 20_000
"""Files."""


class TooLarge(Exception):
    """There are more files than a recipe has."""


def digest_of(playbooks: Iterable[Path], trees: Iterable[Path] = (), inventory: Path | None = None) -> str:
    """SHA-256 (hex) of playbooks, an inventory, what lies beside them for Ansible, and of trees.

    What is named in these files counts, too.

    Blocks while it reads. Raises OSError, TooLarge.
    """
    found = hashlib.sha256()
    for number, file in enumerate(sorted({*_all_of(playbooks), *_below(trees), *_variables(inventory)})):
        if number > _MOST:
            raise TooLarge(f"more than {_MOST} files belong to the playbooks")
        found.update(f"{file}\0".encode(errors="surrogateescape"))
        with file.open("rb") as reading:
            found.update(hashlib.file_digest(reading, "sha256").digest())
    return found.hexdigest()


def _all_of(playbooks: Iterable[Path]) -> Iterator[Path]:
    for playbook in playbooks:
        named = _named(playbook, playbook.parent)
        yield from named
        # what is named may be a playbook, too
        for folder in {file.parent for file in named if file == playbook or file.suffix in _PLAYS}:
            yield from _below((*(folder / name for name in FOLDERS), *folder.glob(_PLUGINS)))


def _variables(inventory: Path | None) -> Iterator[Path]:
    """An inventory with the variables that Ansible takes from beside it; of a folder, all that is in it."""
    if inventory is None:
        return
    if inventory.is_dir():
        yield from _below((inventory,))
    else:
        yield from _named(inventory, inventory.parent)
        yield from _below(inventory.parent / name for name in ("group_vars", "host_vars"))


def _named(playbook: Path, folder: Path) -> set[Path]:
    """A playbook, the files that it names, such as imported tasks, and those that these name."""
    known, waiting = {playbook}, [playbook]
    while waiting:
        file = waiting.pop()
        for word in {word.decode() for word in _WORD.findall(_beginning(file))}:
            for meant in _meant(word, {folder, file.parent}):
                if meant not in known and os.path.isfile(meant) and os.access(meant, os.R_OK):
                    known.add(meant)
                    waiting.append(meant)
    return known


def _meant(word: str, folders: Iterable[Path]) -> Iterator[Path]:
    """Files that a word may stand for, without `..` in their paths, as Ansible has them."""
    for folder in folders:
        # a slash may also come after a variable
        yield Path(os.path.normpath(folder / word.lstrip("/")))
    if word.startswith("/") and word.endswith(_ABSOLUTE):
        yield Path(os.path.normpath(word))


def _beginning(file: Path) -> bytes:
    with file.open("rb") as reading:
        return reading.read(_LARGEST)


def _below(folders: Iterable[Path]) -> Iterator[Path]:
    """All files, also below folders that are links, as Ansible follows these."""
    for top in folders:
        for folder, inner, names in os.walk(top, followlinks=True):
            inner[:] = [name for name in inner if not _is_around(Path(folder, name))]
            files = (Path(folder, name) for name in names)
            yield from (file for file in files if file.suffix not in (".pyc", ".swp") and file.is_file())


def _is_around(folder: Path) -> bool:
    """Whether it is a link to what it lies in."""
    return folder.is_symlink() and folder.parent.resolve().is_relative_to(folder.resolve())
