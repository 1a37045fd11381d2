"""Finds the line of every key and element of JSON text, keys that stand twice, and how deep it goes.

The standard library reads the values; it tells neither lines nor duplicates, and no maintained library
that does was found. Nothing here recurses.
"""

import json
import re
from collections.abc import Iterator

from attrs import Factory, define, frozen

from .problems import Path

# possessive, and the closing quote optional: linear also in text that isn't JSON
_WORD = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[\]{},:]|[^\s\[\]{},:"]++', re.DOTALL)
_SURROGATE = re.compile("[\ud800-\udfff]")


@frozen
class Survey:
    """What was found."""

    lines: dict[Path, int]
    duplicates: tuple[tuple[Path, int], ...]
    """Keys that stand again in the same object, with the line of the later one."""
    broken_text: tuple[Path, ...]
    """Text with half of a surrogate pair, which can't be written anywhere."""


@define
class _Level:
    """An object or list that is open; `step` is where in it we are, None before a key."""

    is_object: bool
    step: str | int | None
    keys: set[str] = Factory(set)

    def next(self) -> None:
        self.step = None if self.is_object else int(self.step or 0) + 1


@define
class _Surveyor:
    lines: dict[Path, int] = Factory(dict)
    duplicates: list[tuple[Path, int]] = Factory(list)
    broken: list[Path] = Factory(list)
    levels: list[_Level] = Factory(list)

    def take(self, word: str, line: int) -> None:
        level = self.levels[-1] if self.levels else None
        if word in ("]", "}"):
            self.levels.pop()
        elif word == "," and level:
            level.next()
        elif word != ":":
            if level and level.step is None:
                self._key(level, json.loads(word), line)
            self._at(word, line)

    def _here(self) -> Path:
        return tuple(level.step for level in self.levels if level.step is not None)

    def _key(self, level: _Level, key: str, line: int) -> None:
        level.step = key
        if key in level.keys:
            self.duplicates.append((self._here(), line))
        level.keys.add(key)

    def _at(self, word: str, line: int) -> None:
        here = self._here()
        self.lines.setdefault(here, line)  # of a member that is its key's line
        if "\\u" in word and _SURROGATE.search(json.loads(word)):
            self.broken.append(here)
        if word in ("[", "{"):
            self.levels.append(_Level(word == "{", None if word == "{" else 0))


def words(text: str) -> Iterator[tuple[str, int]]:
    """Each bracket, mark, text, number or name of JSON, with its line."""
    line, seen = 1, 0
    for found in _WORD.finditer(text):
        line += text.count("\n", seen, found.start())
        seen = found.start()
        yield found[0], line


def too_deep(text: str, limit: int) -> int | None:
    """The line where brackets are nested more than `limit` deep; None if they never are."""
    depth = 0
    for word, line in words(text):
        depth += (word in ("[", "{")) - (word in ("]", "}"))
        if depth > limit:
            return line
    return None


def survey(text: str) -> Survey:
    """Look through text that is known to be JSON."""
    surveyor = _Surveyor()
    for word, line in words(text):
        surveyor.take(word, line)
    return Survey(surveyor.lines, tuple(surveyor.duplicates), tuple(surveyor.broken))
