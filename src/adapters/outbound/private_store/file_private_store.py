"""Secrets in files that only we can read."""

import asyncio
import json
import os
import secrets
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from ....application.canonical_json import canonical_json, sha256
from ....application.ports.private_store import KEY, PrivateStoreUnavailable

P = ParamSpec("P")
T = TypeVar("T")

DOCUMENT = "+json"
"""Ends the name of a document's file: no key has a plus, so `a` and `a/b` never meet."""
UNFINISHED = "+new"
GONE = "+gone"
"""Ends the name of a folder that is being removed: what is left of it is no longer anybody's."""


class FilePrivateStore:
    """Documents below `folder` (0700), one file (0600) each; one thread does the work, in order."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="private-store")

    async def put(self, key: str, value: Any) -> str:
        """Write a new file, sync it and put it in the old one's place; returns the digest."""
        text = canonical_json(value)
        await self._in_thread(self._put, self._file(key), text)
        return sha256(text)

    async def get(self, key: str) -> Any | None:
        """What lies under `key`; None if nothing does."""
        return await self._in_thread(_read, self._file(key))

    async def keys(self, prefix: str = "") -> tuple[str, ...]:
        """Keys that begin with `prefix`, sorted."""
        return await self._in_thread(self._keys, prefix)

    async def folder(self, key: str) -> Path:
        """A folder (0700) below that of the documents, made if need be."""
        folder = self._file(key).with_name(key.rpartition("/")[2])
        await self._in_thread(self._make_folder, folder)
        return folder.absolute()

    async def forget(self, prefix: str) -> None:
        """Remove `prefix` itself and everything below it, unfinished files too."""
        await self._in_thread(_remove, self._file(prefix))

    def _file(self, key: str) -> Path:
        if not KEY.fullmatch(key):
            raise ValueError(f"not a key of the private store: {key!r}")
        return self._folder / (key + DOCUMENT)

    def _make_folder(self, folder: Path) -> None:
        _make(folder)
        self._folder.chmod(0o700)

    def _put(self, file: Path, text: str) -> None:
        _make(file.parent)
        self._folder.chmod(0o700)
        unfinished = file.with_name(file.name + UNFINISHED + secrets.token_hex(4))
        try:
            _write(unfinished, text)
            unfinished.replace(file)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
        _sync(file.parent)

    def _keys(self, prefix: str) -> tuple[str, ...]:
        # unlike a glob, a walk passes over what another process removes meanwhile
        files = (Path(folder, name) for folder, _, names in os.walk(self._folder) for name in names)
        files = (file for file in files if GONE not in str(file.parent))
        found = (path.relative_to(self._folder) for path in files if path.name.endswith(DOCUMENT))
        keys = (path.as_posix().removesuffix(DOCUMENT) for path in found)
        return tuple(sorted(key for key in keys if key.startswith(prefix)))

    async def _in_thread(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return await asyncio.wrap_future(self._thread.submit(work, *args, **kwargs))
        except (OSError, json.JSONDecodeError) as error:
            # The message of a decoding error shows where, and never what stands there.
            raise PrivateStoreUnavailable(
                f"the private store {self._folder} can't be used: {error}"
            ) from error


def _make(folder: Path) -> None:
    if not folder.is_dir():
        _make(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        _sync(folder.parent)


def _write(file: Path, text: str) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with open(descriptor, "w", encoding="ascii") as opened:
        opened.write(text)
        opened.flush()
        os.fsync(descriptor)


def _read(file: Path) -> Any | None:
    try:
        return json.loads(file.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None


def _remove(file: Path) -> None:
    folder = file.with_name(file.name.removesuffix(DOCUMENT))
    if not file.parent.is_dir():
        return
    for left in (file, *file.parent.glob(f"{file.name}{UNFINISHED}*")):
        left.unlink(missing_ok=True)
    if folder.is_dir():
        # first out of the way: half of it, with files but no document, would be found by nobody
        folder.rename(folder.with_name(folder.name + GONE + secrets.token_hex(4)))
    _sync(file.parent)
    for left in file.parent.glob(f"*{GONE}*"):
        shutil.rmtree(left, ignore_errors=True)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
