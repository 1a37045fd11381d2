"""A folder for the files of one login, of which nothing is left, also where this process is killed."""

import contextlib
import fcntl
import os
import shutil
import tempfile
from pathlib import Path

from attrs import define, field

from ...ssh.locked_folder import locked_folder

PREFIX = "login-"


@define(eq=False)
class LoginFolder:
    """Below a folder that other processes use as well; its methods block."""

    above: Path
    path: Path | None = field(default=None, init=False)
    """None until it is made."""
    _held: int | None = field(default=None, init=False)
    """Holds the kernel's lock, which goes with this process: what has none is nobody's."""

    def make(self) -> Path:
        """Make it (0700), after those are gone whose process was killed. Raises SshFailed, OSError."""
        with locked_folder(self.above):
            for left in self.above.glob(f"{PREFIX}*"):
                _remove_unless_held(left)
            made = self.path = Path(tempfile.mkdtemp(prefix=PREFIX, dir=self.above))
            self._held = os.open(made, os.O_RDONLY | os.O_CLOEXEC)
            fcntl.flock(self._held, fcntl.LOCK_EX)
        return made

    def remove(self) -> None:
        """Remove it with all that is in it; safe to repeat."""
        if self.path is not None:
            shutil.rmtree(self.path, ignore_errors=True)
        if self._held is not None:
            os.close(self._held)
        self._held = None


def _remove_unless_held(left: Path) -> None:
    # its owner may remove it meanwhile
    with contextlib.suppress(OSError):
        seen = os.open(left, os.O_RDONLY | os.O_CLOEXEC)
        try:
            fcntl.flock(seen, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(left, ignore_errors=True)
        finally:
            os.close(seen)
