"""Claims as locks on single bytes of one file: they end with the process, however it dies."""

import contextlib
import errno
import fcntl
import hashlib
import os
import struct
import weakref
from pathlib import Path

from ....application.ports.claims import ClaimsUnavailable

FLOCK = struct.Struct("@hhqqi0q")
"""`struct flock` of Linux on 64-bit machines: type, whence, start, length, pid (here 0), padding."""


class OfdLockClaims:
    """Open file description locks (fcntl(2)) on `path` (0600), which must lie on a local file system.

    One descriptor holds thousands of claims. Two objects exclude each other, also within one process. A child
    that is forked without exec would keep the locks of a dead parent alive: it closes the file at once.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None
        self._held: set[str] = set()
        mine = weakref.ref(self)
        os.register_at_fork(after_in_child=lambda: _leave_to_parent(mine()))

    async def take(self, resource: str) -> bool:
        """Lock the resource's byte; False when somebody else has; never waits."""
        try:
            return self._take(resource)
        except OSError as error:
            raise ClaimsUnavailable(f"{self._path} can't be locked: {error.strerror}") from error

    async def holds(self, resource: str) -> bool:
        """Whether we locked it, and the file is still the one that others look at."""
        return resource in self._held and self._is_in_place()

    async def give_back(self, resource: str) -> None:
        """Unlock its byte; safe to repeat."""
        if resource in self._held and self._file is not None:
            self._held.discard(resource)
            self._lock(fcntl.F_UNLCK, resource)

    async def close(self) -> None:
        """Unlock all and close the file; safe to repeat."""
        if self._file is not None:
            fcntl.fcntl(self._file, fcntl.F_OFD_SETLK, FLOCK.pack(fcntl.F_UNLCK, os.SEEK_SET, 0, 0, 0))
        self._drop()

    def _take(self, resource: str) -> bool:
        if not self._is_in_place():
            # Who deleted the file has freed all claims on it for others: ours are worth nothing any more.
            self._drop()
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            self._lock(fcntl.F_WRLCK, resource)
        except OSError as error:
            if error.errno in (errno.EAGAIN, errno.EACCES):
                return False
            raise
        self._held.add(resource)
        return True

    def _lock(self, kind: int, resource: str) -> None:
        assert self._file is not None
        start = int.from_bytes(hashlib.sha256(resource.encode()).digest()[:8], "big") >> 1
        fcntl.fcntl(self._file, fcntl.F_OFD_SETLK, FLOCK.pack(kind, os.SEEK_SET, start, 1, 0))

    def _is_in_place(self) -> bool:
        if self._file is None:
            return False
        with contextlib.suppress(OSError):
            return os.path.samestat(os.fstat(self._file), self._path.stat())
        return False

    def _drop(self) -> None:
        file, self._file = self._file, None
        self._held.clear()
        if file is not None:
            os.close(file)


def _leave_to_parent(claims: OfdLockClaims | None) -> None:
    if claims is not None:
        claims._drop()
