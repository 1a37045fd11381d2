"""Names filled into what a template says of an authenticator, which are mostly names of key files."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..ports.authenticator import AuthenticationFailed
from ..substitution import OPTION, fill, placeholders

_USABLE = re.compile(r"(?![.~])[^/\x00]+")
"""What leads to no other folder."""

_NOT_USABLE = (
    "What you chose, or your user name, can't be part of a file's name, which this offer needs. Choose "
    "otherwise, or tell your administrator."
)


def filled(settings: Any, names: Mapping[str, str]) -> Any:
    """The settings with the names' values. Raises AuthenticationFailed for text of users that is a path."""
    for name in _placeholders(settings):
        is_of_a_user = name == "JUPYTERHUB_USER" or name.startswith(OPTION)
        if is_of_a_user and name in names and not _USABLE.fullmatch(names[name]):
            raise AuthenticationFailed("name_not_usable", _NOT_USABLE)
    return fill(settings, names)


def _placeholders(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from placeholders(value)
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _placeholders(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _placeholders(inner)
