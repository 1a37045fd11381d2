"""What is wrong with a configuration, and where."""

import json
from collections.abc import Iterable
from difflib import get_close_matches

from ....application.ports.configuration import Path as Path
from ....application.ports.configuration import Problem as Problem
from ....application.ports.configuration import Severity as Severity

ENOUGH = 200
"""Problems after which no more are looked for: who has so many has another one."""


def has_errors(problems: Iterable[Problem]) -> bool:
    """Whether one of them is an error."""
    return any(problem.severity is Severity.ERROR for problem in problems)


def shown(value: object, limit: int = 60) -> str:
    """A value of a file in one short line of ASCII, as JSON writes it."""
    if isinstance(value, dict | list):
        return f"{'an object' if isinstance(value, dict) else 'a list'} of {len(value)}"
    text = json.dumps(value[: limit + 1] if isinstance(value, str) else value)
    return text if len(text) <= limit else f"{text[:limit]}…"


def kind(value: object) -> str:
    """What sort of JSON value it is, without the value: it may be a secret."""
    names = {bool: "true or false", str: "text", int: "a number", float: "a number", dict: "an object"}
    return names.get(type(value), "a list" if isinstance(value, list) else "null")


def near(name: object, known: Iterable[str]) -> str:
    """`did you mean …?` for a name that looks like a known one, else nothing."""
    close = get_close_matches(str(name)[:200], list(known), n=1, cutoff=0.6)
    return f"Did you mean {close[0]}?" if close else ""
