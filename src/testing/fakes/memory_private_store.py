"""A private store in memory."""

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from ...application.canonical_json import canonical_json, sha256
from ...application.ports.private_store import KEY, PrivateStoreUnavailable


class MemoryPrivateStore:
    """Forgets everything with the test; raises PrivateStoreUnavailable while `down` is true."""

    def __init__(self) -> None:
        self._documents: dict[str, str] = {}
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self.down = False

    async def put(self, key: str, value: Any) -> str:
        """Keep a copy of the document; returns its digest."""
        self._check(key)
        self._documents[key] = canonical_json(value)
        return sha256(self._documents[key])

    async def get(self, key: str) -> Any | None:
        """A copy of what lies under `key`; None if nothing does."""
        self._check(key)
        return json.loads(self._documents[key]) if key in self._documents else None

    async def keys(self, prefix: str = "") -> tuple[str, ...]:
        """Keys that begin with `prefix`, sorted."""
        return tuple(sorted(key for key in self._documents if key.startswith(prefix)))

    async def folder(self, key: str) -> Path:
        """A folder that the machine removes with the store."""
        self._check(key)
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory()
        folder = Path(self._folder.name, key)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # noqa: ASYNC240 - it is for tests
        return folder

    async def forget(self, prefix: str) -> None:
        """Destroy `prefix` itself and everything below it."""
        self._check(prefix)
        if self._folder is not None:
            shutil.rmtree(Path(self._folder.name, prefix), ignore_errors=True)
        for key in await self.keys(prefix):
            if key == prefix or key.startswith(prefix + "/"):
                del self._documents[key]

    def _check(self, key: str) -> None:
        if self.down:
            raise PrivateStoreUnavailable("the private store is down")
        if not KEY.fullmatch(key):
            raise ValueError(f"not a key of the private store: {key!r}")
