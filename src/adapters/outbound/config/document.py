"""A JSON file with the line of everything in it."""

from collections.abc import Mapping
from typing import Any

from attrs import field, frozen

from .problems import Path, Problem, Severity


@frozen
class Document:
    """What a file says, and where."""

    file: str
    value: Any = field(repr=False)
    lines: Mapping[Path, int] = field(factory=dict, repr=False)
    """The line of each key and element, by its path."""

    def line(self, path: Path) -> int | None:
        """Where something stands, or else what it stands in."""
        while path not in self.lines and path:
            path = path[:-1]
        return self.lines.get(path)

    def error(self, place: Path, found: str, expected: str, suggestion: str = "") -> Problem:
        """An error at a place."""
        return Problem(Severity.ERROR, self.file, self.line(place), place, found, expected, suggestion)

    def warning(self, place: Path, found: str, expected: str, suggestion: str = "") -> Problem:
        """A warning at a place."""
        return Problem(Severity.WARNING, self.file, self.line(place), place, found, expected, suggestion)
