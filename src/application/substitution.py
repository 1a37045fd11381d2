"""Fills known names, such as `{endpoint}`, into what an administrator wrote: text for text, nothing more."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

KNOWN = (
    "endpoint",
    "JUPYTERHUB_USER",
    "JUPYTERHUB_HOST",
    "auth_key",
    "server_public_ip",
    "server_host_key",
)
"""Names that can be filled in, beside `option.NAME` for each option of the offer."""

OPTION = "option."
"""What stands before the name of an option."""

# doubled braces belong to somebody else's templates
_PLACEHOLDER = re.compile(r"(?<!\{)\{([A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_-]+)?)\}(?!\})")
_BRACES = re.compile(r"\{[^{}]*\}")


def fill(value: Any, names: Mapping[str, str]) -> Any:
    """The value with `{name}` replaced in every string, through lists and dicts (keys stay as they are).

    Once only: what is filled in is not read again. A name that isn't in `names` stays as it stands.
    """
    if isinstance(value, str):
        return _PLACEHOLDER.sub(lambda found: names.get(found[1], found[0]), value)
    if isinstance(value, Mapping):
        return {key: fill(inner, names) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [fill(inner, names) for inner in value]
    return value


def is_known(name: str) -> bool:
    """Whether something is filled in for a name; any option counts."""
    return name in KNOWN or name.startswith(OPTION)


def placeholders(text: str) -> Iterator[str]:
    """The known names that stand in a text, without their braces."""
    return (name for name in _PLACEHOLDER.findall(text) if is_known(name))


def other_braces(text: str) -> Iterator[str]:
    """Whatever else stands in braces in a text, with its braces."""
    rest = _PLACEHOLDER.sub(lambda found: "" if is_known(found[1]) else found[0], text)
    return iter(_BRACES.findall(rest))
