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
_WORD = re.compile(rb"[A-Za-z0-9_@+-][A-Za-z0-9._@+/-]*")
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
        folder = playbook.parent
        beside = [folder / name for name in FOLDERS]
        yield from _named(playbook, folder)
        yield from _below((*beside, *folder.glob(_PLUGINS)))


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
        text = _beginning(waiting.pop())
        for word in {word.decode() for word in _WORD.findall(text)}:
            file = folder / word
            if file not in known and ".." not in file.parts and os.path.isfile(file):
                known.add(file)
                waiting.append(file)
    return known


def _beginning(file: Path) -> bytes:
    with file.open("rb") as reading:
        return reading.read(_LARGEST)


def _below(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        for file in folder.rglob("*"):
            if file.suffix not in (".pyc", ".swp") and file.is_file():
                yield file
