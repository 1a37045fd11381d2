"""Fills settings in such a way that Ansible takes what users typed for text, and nothing for a template."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ....application.substitution import fill, placeholders

_UNSAFE = "__ansible_unsafe"
"""Ansible's own mark, in JSON, of text that is never a template."""
_SECRET = re.compile(
    r"(^|[._-])(token|pass|password|passwd|passphrase|secret|credentials?|(private|api|access|secret)_?key)$",
    re.IGNORECASE,
)
_SHORTEST = 4
"""Characters of a secret that is looked for in texts; less than that stands everywhere."""


def literal(text: str) -> Mapping[str, str]:
    """A text that Ansible leaves as it is, as a value of JSON."""
    return {_UNSAFE: text}


def filled(value: Any, names: Mapping[str, str]) -> Any:
    """A value of JSON with its placeholders filled in; each text in which one stands is literal."""
    if isinstance(value, str):
        text = fill(value, names)
        return literal(text) if text != value or any(placeholders(value)) else text
    if isinstance(value, Mapping):
        return {key: filled(inner, names) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [filled(inner, names) for inner in value]
    return value


def secrets_of(value: Any, key: str = "") -> Iterator[str]:
    """Texts that stand under the name of a secret, such as `password` or `option.api_key`."""
    if isinstance(value, str) and _SECRET.search(key) and len(value) >= _SHORTEST:
        yield value
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from secrets_of(inner, str(name))
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from secrets_of(inner, key)
