"""Goes through a value of a document, place by place."""

from collections.abc import Iterator
from typing import Any

from .problems import Path


def nodes(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    """The value and everything in it, each with its path; documents are never deep."""
    yield path, value
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from nodes(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from nodes(inner, (*path, index))


def texts(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """Every text in a value, keys of objects too, each with its path."""
    for place, inner in nodes(value, path):
        if isinstance(inner, str):
            yield place, inner
        elif isinstance(inner, dict):
            yield from (((*place, key), key) for key in inner)
