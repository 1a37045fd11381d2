"""Checks what is to be set on an inner spawner against what its class takes."""

from collections.abc import Iterator, Mapping
from typing import Any

from ....application.substitution import placeholders
from .document import Document
from .lookups import Lookups
from .problems import Path, Problem, kind, near, shown
from .secret_values import is_reference
from .walking import nodes

THE_USER = ("user", "{JUPYTERHUB_USER}")
"""What templates in use say of the hub's user, whom the hub gives to each spawner anyway."""


def check_kwargs(
    document: Document,
    path: Path,
    kwargs: Mapping[str, Any],
    spawner: type,
    lookups: Lookups,
    *,
    authenticated: bool = False,
) -> Iterator[Problem]:
    """Each of the kwargs that the class doesn't take, by name or by value, or takes and does not use.

    Of the latter a class's method `remarks` tells, if it has one: of kwargs it gives what is done instead, by
    name. So does its mapping `said_by_authenticator`, of what counts only where there is no authenticator.
    """
    unused = dict(_unused(kwargs, spawner, authenticated=authenticated))
    for key, instead in unused.items():
        found = f"{key}, which {spawner.__name__} does not use"
        yield document.warning((*path, key), found, "nothing of it", f"Instead: {instead}.")
    for key, value in kwargs.items():
        place = (*path, key)
        if (key, value) == THE_USER:
            continue
        if lookups.takes(spawner, key):
            yield from check_value(document, place, spawner, value, lookups)
        else:
            names = settable(spawner, lookups)
            yield untaken(document, place, (f"spawner {spawner.__name__}",), names)


def check_value(
    document: Document, place: Path, spawner: type, value: Any, lookups: Lookups
) -> Iterator[Problem]:
    """A value that the setting at the end of `place` doesn't take; one that isn't known yet passes."""
    if any(_open(inner) for _, inner in nodes(value, ())):
        return
    key = str(place[-1])
    expected = lookups.expects(spawner, key, value)
    if expected is not None:
        # not the value: it may be a secret
        yield document.error(place, kind(value), f"{expected}, which {spawner.__name__}.{key} takes")


def untaken(document: Document, place: Path, takers: tuple[str, ...], names: tuple[str, ...]) -> Problem:
    """The error for a key that none of the takers knows."""
    key = place[-1]
    expected = f"a setting of {' or '.join(takers)}"
    return document.error(place, f"the key {shown(key)}, which nothing takes", expected, near(key, names))


def _unused(kwargs: Mapping[str, Any], spawner: Any, *, authenticated: bool) -> Iterator[tuple[str, str]]:
    remarks = getattr(spawner, "remarks", None)
    yield from remarks(kwargs).items() if callable(remarks) else ()
    elsewhere = getattr(spawner, "said_by_authenticator", {}) if authenticated else {}
    yield from ((key, instead) for key, instead in elsewhere.items() if key in kwargs)


def settable(spawner: Any, lookups: Lookups) -> tuple[str, ...]:
    """Names that can be set on a spawner class."""
    return tuple(name for name in spawner.class_trait_names() if lookups.takes(spawner, name))


def _open(value: Any) -> bool:
    """Whether a value is known only when something starts."""
    return is_reference(value) or (isinstance(value, str) and any(True for _ in placeholders(value)))
