"""The private store: secrets, resolved kwargs and inner state; the log has only their digests."""

import re
from pathlib import Path
from typing import Any, Protocol

KEY = re.compile(r"(?!\.\.?(/|$))[A-Za-z0-9._-]{1,200}(/(?!\.\.?(/|$))[A-Za-z0-9._-]{1,200})*", re.ASCII)
"""What a whole key looks like: no part of it is `.` or `..`."""


class PrivateStoreUnavailable(Exception):
    """It can't be read or written; nothing was changed, as far as is known."""


class PrivateStore(Protocol):
    """Documents of strict JSON, readable by nobody else; blocking work is done off the event loop."""

    async def put(self, key: str, value: Any) -> str:
        """Keep `value` (JSON) under `key`, durably and atomically, in place of what was there.

        `key` is letters, digits, `-`, `_`, `.` and `/` between them. Returns the SHA-256 (hex) of its
        canonical form: sorted keys, no spaces. Raises PrivateStoreUnavailable; TypeError if not JSON;
        ValueError, as all methods do, if `key` is not a key.
        """

    async def get(self, key: str) -> Any | None:
        """What lies under `key`; None if nothing does."""

    async def keys(self, prefix: str = "") -> tuple[str, ...]:
        """Keys that begin with `prefix`, sorted."""

    async def folder(self, key: str) -> Path:
        """A folder for files that only we may enter (0700), made if need be; `key` is no document's.

        Absolute. `forget` destroys it and all that is in it; `keys` doesn't tell of it.
        """

    async def forget(self, prefix: str) -> None:
        """Destroy `prefix` itself and everything below `prefix/`; safe to repeat."""
