"""Deployment entries: how a session of a resource type is to be spawned."""

from collections.abc import Collection
from typing import Any

from attrs import evolve, frozen

from .document import Document
from .problems import Path, Problem, has_errors
from .schema import TERMS
from .terms import Terms, terms

OURS = ("name", "provider", "image", *TERMS)
"""Keys of an entry that are the offer's; what isn't goes to the provider or the inner spawner."""


@frozen
class Entry:
    """One deployment entry."""

    document: Document
    path: Path
    type: str
    said: dict[str, Any]
    terms: Terms
    usable: bool = True
    """Whether nothing in it is wrong."""

    @property
    def provider(self) -> str | None:
        """The only provider that it is for; None for every one."""
        return self.said.get("provider")

    @property
    def attributes(self) -> dict[str, Any]:
        """What goes on to the provider or the inner spawner."""
        return {key: value for key, value in self.said.items() if key not in OURS}


def read_entries(
    document: Document, skip: Collection[Path], flawed: Collection[Path], report: list[Problem]
) -> tuple[Entry, ...]:
    """All entries but those to skip because their structure is wrong; flawed ones are unusable."""
    made: list[Entry] = []
    for kind, entries in document.value.items():
        for index, said in enumerate(() if (kind,) in skip else entries):
            path = (kind, index)
            if path not in skip:
                entry = _entry(document, path, said, made, report)
                made.append(evolve(entry, usable=entry.usable and path not in flawed))
    return tuple(made)


def _entry(
    document: Document, path: Path, said: dict[str, Any], others: list[Entry], report: list[Problem]
) -> Entry:
    own: list[Problem] = []
    entry = Entry(document, path, str(path[0]), said, terms(document, path, said, own))
    if any(_same(entry, other) for other in others):
        found = f"another entry {said['name']} for the same provider"
        own.append(document.error((*path, "name"), found, "a name of its own"))
    report.extend(own)
    return evolve(entry, usable=not has_errors(own))


def _same(one: Entry, other: Entry) -> bool:
    overlap = None in (one.provider, other.provider) or one.provider == other.provider
    return one.type == other.type and one.said["name"] == other.said["name"] and overlap
