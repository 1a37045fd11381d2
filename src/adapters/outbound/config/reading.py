"""Reads a configuration file into a document, or says all that keeps it from being one."""

import json
from math import isfinite
from pathlib import Path as FilePath
from typing import Any, NoReturn

from .document import Document
from .problems import Problem, Severity, shown
from .regular_files import NotRegular, beginning
from .survey import Survey, survey, too_deep, words

LARGEST = 1024 * 1024
"""Bytes; thousands of entries, and still read in about a second."""
DEEPEST = 50
"""Levels of brackets; the formats need about ten."""
LONGEST_NUMBER = 30
"""Digits."""
COMMENT = "//"
"""The key of a comment, since JSON has no other: a text or a list of texts, in any object."""


class _Unusable(Exception):
    def __init__(self, line: int | None, found: str, expected: str, suggestion: str = "") -> None:
        super().__init__(found)
        self.line, self.found, self.expected, self.suggestion = line, found, expected, suggestion


class _BadNumber(ValueError):
    pass


def read(file: FilePath) -> tuple[Document | None, tuple[Problem, ...]]:
    """The document (None if it can't be used at all) and what is wrong with it; blocks while it reads."""
    try:
        text = _text(_content(file))
        value = _value(text)
    except _Unusable as why:
        problem = Problem(Severity.ERROR, str(file), why.line, (), why.found, why.expected, why.suggestion)
        return None, (problem,)
    found = survey(text)
    document = Document(str(file), value, found.lines)
    return document, _blemishes(document, found)


def _blemishes(document: Document, found: Survey) -> tuple[Problem, ...]:
    twice = (
        Problem(
            Severity.ERROR,
            document.file,
            line,
            path,
            f"the key {shown(path[-1])} a second time",
            "each key once",
            f"The first one is in line {document.line(path)}; remove one of them.",
        )
        for path, line in found.duplicates[:20]
    )
    broken = (
        document.error(path, "half of a surrogate pair", "whole characters", "Write the character itself.")
        for path in found.broken_text[:20]
    )
    return (*twice, *broken)


def _content(file: FilePath) -> bytes:
    try:
        content = beginning(file, LARGEST + 1)
    except NotRegular:
        raise _Unusable(None, "not a regular file", "a JSON file") from None
    except FileNotFoundError:
        raise _Unusable(
            None, "no such file", "a JSON file", "Create it as docs/configuration.md shows."
        ) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "not a path"
        raise _Unusable(None, f"it can't be read: {reason}", "a file that the hub's user may read") from None
    if len(content) > LARGEST:
        raise _Unusable(None, "more than 1 MiB", "a file of at most 1 MiB")
    return content


def _text(content: bytes) -> str:
    if content.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise _Unusable(1, "a byte order mark", "UTF-8 without one", "Save it as UTF-8 without BOM.")
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _Unusable(line, f"byte 0x{content[error.start]:02x}", "UTF-8 text") from None


def _value(text: str) -> Any:
    if not text.strip():
        raise _Unusable(None, "an empty file", "JSON")
    deep = too_deep(text, DEEPEST)
    if deep is not None:
        raise _Unusable(deep, f"brackets more than {DEEPEST} deep", f"at most {DEEPEST} levels")
    try:
        return json.loads(
            text,
            object_hook=_without_comment,
            parse_int=_whole,
            parse_float=_broken,
            parse_constant=_constant,
        )
    except json.JSONDecodeError as error:
        where = f"column {error.colno}: {error.msg[0].lower()}{error.msg[1:]}"
        raise _Unusable(error.lineno, where, "JSON") from None
    except _BadNumber as error:
        line = next((line for word, line in words(text) if word == error.args[0]), None)
        raise _Unusable(line, shown(error.args[0]), "a number that JSON has, of a usual size") from None


def _without_comment(said: dict[str, Any]) -> dict[str, Any]:
    comment = said.get(COMMENT)
    lines = comment if isinstance(comment, list) else [comment]
    if all(isinstance(line, str) for line in lines):
        said.pop(COMMENT, None)
    return said


def _whole(text: str) -> int:
    if len(text) > LONGEST_NUMBER:
        raise _BadNumber(text)
    return int(text)


def _broken(text: str) -> float:
    if not isfinite(float(text)):
        raise _BadNumber(text)
    return float(text)


def _constant(text: str) -> NoReturn:
    raise _BadNumber(text)
