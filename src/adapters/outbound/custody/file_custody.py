"""Custody of an SQLite log, in a file beside it."""

import asyncio
import json
import os
from pathlib import Path
from secrets import token_hex

import cattrs

from ....application.ports.custody import CustodyUnavailable
from .remembered import Remembered, doubt

MACHINE_ID = Path("/etc/machine-id")
"""Of systemd (machine-id(5)); containers often have none."""


class FileCustody:
    """A log's place is this machine and the file's inode: a copy, here or elsewhere, has another one."""

    def __init__(self, path: Path, log: Path, machine_id: Path = MACHINE_ID) -> None:
        self._path = path
        self._log = log
        self._machine_id = machine_id

    async def doubt(self, owner: str, position: int) -> str | None:
        """Compare with what the file remembers; the first log is remembered from now on."""
        return await asyncio.to_thread(self._doubt, owner, position)

    async def saw(self, owner: str, position: int) -> None:
        """Write the file anew."""
        await asyncio.to_thread(self._write, owner, position)

    async def adopt(self, owner: str, position: int) -> None:
        """Write the file anew."""
        await asyncio.to_thread(self._write, owner, position)

    def _doubt(self, owner: str, position: int) -> str | None:
        why = doubt(self._read(), self._found(owner, position))
        if why is None:
            self._write(owner, position)
        return why

    def _found(self, owner: str, position: int) -> Remembered:
        try:
            machine = self._machine_id.read_text().strip()
        except OSError:
            machine = ""
        try:
            return Remembered(owner, f"{machine}:{self._log.stat().st_ino}", position)
        except OSError as error:
            raise CustodyUnavailable(f"{self._log} can't be seen: {error.strerror}") from error

    def _read(self) -> Remembered | None:
        try:
            return cattrs.structure(json.loads(self._path.read_text()), Remembered)
        except FileNotFoundError:
            return None
        except Exception as error:
            raise CustodyUnavailable(f"{self._path} can't be read: {type(error).__name__}") from error

    def _write(self, owner: str, position: int) -> None:
        draft = self._path.with_suffix(f".{token_hex(4)}.new")
        try:
            with open(draft, "w", opener=_private) as file:
                json.dump(cattrs.unstructure(self._found(owner, position)), file)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self._path)
        except OSError as error:
            draft.unlink(missing_ok=True)
            raise CustodyUnavailable(f"{self._path} can't be written: {error.strerror}") from error


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
