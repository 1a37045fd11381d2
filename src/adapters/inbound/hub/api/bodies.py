"""Bodies and queries of requests, read so that nothing in them can surprise what comes after."""

import json
from collections.abc import Iterator
from math import isfinite
from typing import Any

from .....domain.offers.refusals import shown
from .....domain.refusals import Refusal

JSON = "application/json"
LARGEST = 128 * 1024
"""Bytes of a body: read in some milliseconds, and far more than any request needs."""
DEEPEST = 32
"""Objects and lists within each other."""
WIDEST = 2**63
"""Whole numbers are nearer to zero: what a database and other languages can hold."""


class BodyTooLarge(Refusal):
    """The body is longer than any request."""

    code = "body_too_large"

    def __init__(self, what: str) -> None:
        super().__init__(f"The body has {what}: no request needs so much.")


class WrongContentType(Refusal):
    """The body says that it is something else than JSON."""

    code = "wrong_content_type"

    def __init__(self, found: str) -> None:
        super().__init__(f"The body must be application/json, not {shown(found)}.")


class NotJson(Refusal):
    """The body can't be read as JSON."""

    code = "not_json"

    def __init__(self, why: str) -> None:
        super().__init__(f"The body is not JSON: {why}.")


class NotAnObject(Refusal):
    """The body is JSON of another kind."""

    code = "bad_type"

    def __init__(self, wanted: str) -> None:
        super().__init__(f"The body must be {wanted}.")


class BadParameter(Refusal):
    """A parameter of the query isn't what it must be."""

    code = "bad_parameter"

    def __init__(self, name: str, wanted: str) -> None:
        self.place = name
        super().__init__(f"{name} must be {wanted}.")


def read_json(body: bytes, content_type: str | None = None) -> Any:
    """What the body says; None if there is none. Raises BodyTooLarge, WrongContentType, NotJson.

    NaN, infinite and huge numbers, half surrogate pairs and deep nesting are refused: Python reads them, and
    what stores or compares them later does not.
    """
    if len(body) > LARGEST:
        raise BodyTooLarge(f"more than {LARGEST} bytes")
    if not body.strip():
        return None
    if content_type and content_type.partition(";")[0].strip().lower() != JSON:
        raise WrongContentType(content_type)
    try:
        value = json.loads(body.decode(), parse_constant=_refuse, parse_float=_number, parse_int=_whole)
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeError as error:
        raise NotJson("it has text that is not Unicode") from error
    except RecursionError as error:
        raise BodyTooLarge(f"values more than {DEEPEST} levels deep") from error
    except json.JSONDecodeError as error:
        raise NotJson(f"{error.msg} in line {error.lineno}, column {error.colno}") from error
    except ValueError as error:
        raise NotJson("it has a number that is too large, or none") from error
    if any(depth > DEEPEST for depth in _depths(value)):
        raise BodyTooLarge(f"values more than {DEEPEST} levels deep")
    return value


def _refuse(name: str) -> float:
    raise ValueError(name)


def _number(text: str) -> float:
    number = float(text)
    return number if isfinite(number) else _refuse(text)


def _whole(text: str) -> int:
    # Python itself refuses to read thousands of digits
    number = int(text)
    return number if -WIDEST < number < WIDEST else int(_refuse(text))


def _depths(value: Any) -> Iterator[int]:
    """How deep each value lies; the whole lies 0 deep."""
    open_ = [(value, 0)]
    while open_:
        each, depth = open_.pop()
        yield depth
        if isinstance(each, dict | list):
            parts = each.values() if isinstance(each, dict) else each
            open_.extend((part, depth + 1) for part in parts)
