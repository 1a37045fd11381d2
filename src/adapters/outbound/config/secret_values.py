"""Secrets that the files only refer to: resolved when something starts, and kept nowhere."""

import os
import re
from collections.abc import Iterator, Mapping
from typing import Any

from .regular_files import NotRegular, beginning

LARGEST = 64 * 1024
"""Bytes of a secret's file; a private key has about 3,000."""

REFERENCE = re.compile(r"env:(?P<env>[A-Za-z_][A-Za-z0-9_]*)|file:(?P<file>/[^\x00]+)")
"""What may stand as the value of `secret`."""


class SecretUnavailable(Exception):
    """A secret that is referred to can't be had; the message names the reference, never a value."""


def resolve_secrets(value: Any, environ: Mapping[str, str] | None = None) -> Any:
    """The value with every `{"secret": …}` in it replaced by the secret; blocks while it reads files.

    To be called when something starts, and the result never stored. Raises SecretUnavailable.
    """
    if is_reference(value):
        return _resolved(value["secret"], os.environ if environ is None else environ)
    if isinstance(value, Mapping):
        return {key: resolve_secrets(inner, environ) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [resolve_secrets(inner, environ) for inner in value]
    return value


def without_secrets(value: Any) -> Any:
    """The value without anything that refers to a secret."""
    if isinstance(value, Mapping):
        return {key: without_secrets(inner) for key, inner in value.items() if not is_reference(inner)}
    if isinstance(value, list | tuple):
        return [without_secrets(inner) for inner in value if not is_reference(inner)]
    return value


def references(value: Any) -> Iterator[Mapping[str, Any]]:
    """All that refers to a secret in a value."""
    if is_reference(value):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from references(inner)


def is_reference(value: Any) -> bool:
    """Whether a value stands for a secret that lies elsewhere."""
    return isinstance(value, Mapping) and set(value) == {"secret"}


def _resolved(reference: Any, environ: Mapping[str, str]) -> str:
    found = REFERENCE.fullmatch(reference) if isinstance(reference, str) else None
    if found is None:
        raise SecretUnavailable('A secret is {"secret": "env:NAME"} or {"secret": "file:/…"}.')
    if found["env"]:
        if found["env"] not in environ:
            raise SecretUnavailable(f"{reference}: the environment of this process has no such variable.")
        return environ[found["env"]]
    try:
        content = beginning(found["file"], LARGEST + 1)
        if len(content) > LARGEST:
            raise SecretUnavailable(f"{reference}: more than {LARGEST} bytes.")
        return content.decode().rstrip("\r\n")
    except NotRegular:
        raise SecretUnavailable(f"{reference}: that is not a regular file.") from None
    except OSError as error:
        raise SecretUnavailable(f"{reference}: {error.strerror}.") from None
    except ValueError:
        raise SecretUnavailable(f"{reference}: the file is not UTF-8 text, or that is not a path.") from None
