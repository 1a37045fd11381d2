"""JSON of large values, written so that the hub's other work goes on."""

import json
from collections.abc import Iterable, Iterator
from typing import Any


def pieces(value: Any, apart: int) -> Iterator[str]:
    """JSON of a value; `apart` levels are written part by part: no other thread runs while one is written."""
    if apart and isinstance(value, dict):
        yield from _row("{", ((f"{json.dumps(key)}: ", part) for key, part in value.items()), "}", apart)
    elif apart and isinstance(value, list):
        yield from _row("[", (("", part) for part in value), "]", apart)
    else:
        yield json.dumps(value)


def _row(begin: str, parts: Iterable[tuple[str, Any]], end: str, apart: int) -> Iterator[str]:
    yield begin
    for number, (key, part) in enumerate(parts):
        yield f", {key}" if number else key
        yield from pieces(part, apart - 1)
    yield end
