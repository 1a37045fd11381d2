"""What people name in short: facts by their families."""

from collections.abc import Iterable
from difflib import get_close_matches

import typer

from ....domain.catalogue import FACTS


class NotFound(Exception):
    """There is nothing of this name; the message says so and what to do."""


def fact_names(said: Iterable[str]) -> tuple[str, ...]:
    """Stored names: each as it is, or all of a family such as `session`. Raises typer.BadParameter."""
    found: list[str] = []
    for name in said:
        meant = [fact for fact in FACTS if fact == name or fact.startswith(f"{name.rstrip('.')}.")]
        if not meant:
            near = get_close_matches(name, [*FACTS, *families()], 3)
            hint = f"Did you mean {' or '.join(near)}?" if near else f"There are {', '.join(families())}."
            raise typer.BadParameter(f"{name!r} is no fact. {hint}", param_hint="--name")
        found += meant
    return tuple(dict.fromkeys(found))


def families() -> tuple[str, ...]:
    """The families of facts, such as `session`."""
    return tuple(dict.fromkeys(name.partition(".")[0] for name in FACTS))
