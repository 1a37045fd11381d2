"""The one form of a JSON document that its digest is taken of."""

import hashlib
import json
from typing import Any


def canonical_json(value: Any) -> str:
    """Sorted keys, no spaces, ASCII; raises TypeError for what strict JSON can't say."""
    _check(value)
    try:
        return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)
    except ValueError as error:
        raise TypeError(f"not JSON: {error}") from error


def sha256(text: str) -> str:
    """SHA-256 (hex) of a text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


def _check(value: Any) -> None:
    """Refuse what `json` would quietly turn into something else: keys that are no text."""
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise TypeError(f"not JSON: the key {key!r} is not text")
            _check(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _check(item)
