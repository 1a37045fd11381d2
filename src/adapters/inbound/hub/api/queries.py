"""Parameters of a query, as what they mean; None for what is not said."""

import re
from collections.abc import Mapping
from typing import TypeVar

from .bodies import BadParameter

T = TypeVar("T")


def whole(name: str, text: str | None, least: int, most: int) -> int | None:
    """A whole number from `least` to `most`. Raises BadParameter."""
    if text is None:
        return None
    if not re.fullmatch("[0-9]{1,9}", text) or not least <= int(text) <= most:
        raise BadParameter(name, f"a whole number from {least} to {most}")
    return int(text)


def one_of(name: str, text: str | None, known: Mapping[str, T]) -> T | None:
    """What a word stands for. Raises BadParameter."""
    if text is None:
        return None
    if text not in known:
        raise BadParameter(name, " or ".join(known))
    return known[text]
