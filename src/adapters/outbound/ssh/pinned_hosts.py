"""Hosts whose keys are pinned in a file of OpenSSH's format, by an administrator or at first sight."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

from .connecting import shown_host_key
from .failures import SshFailed, of_system, place, without_asyncssh
from .host_keys import AUTHORITY, DEFAULT_PORT, KeyLine, fingerprint, known_hosts_text
from .key_files import write_private
from .locked_folder import locked_folder

if TYPE_CHECKING:
    import asyncssh


class NotPinned(SshFailed):
    """A host that nobody knows, and that is not believed at first sight; `shown` is the key that it shows."""

    def __init__(self, address: str, port: int, shown: str) -> None:
        super().__init__(
            "host_key_unknown",
            f"The host {place(address, port)} shows the key {fingerprint(shown)}, and nothing says whether "
            "it is the right one.",
        )
        self.shown = shown


@frozen
class PinnedHosts:
    """A file that can't be read or written: SshFailed (key_unusable). Methods without `async` block."""

    file: Path

    async def trusted(
        self, address: str, port: int, *, accepts_new: bool, seconds: float = 5
    ) -> tuple[str, ...]:
        """Keys and CAs of a host, pinned now if it has none yet and first sight is enough.

        `seconds` is how long it may take to show its key. Raises SshFailed, NotPinned.
        """
        pinned = await asyncio.to_thread(self.keys, address, port)
        if pinned:
            return pinned
        shown = await shown_host_key(address, port, seconds=seconds)
        if not accepts_new:
            raise NotPinned(address, port, shown)
        return await asyncio.to_thread(self.pin, address, port, shown)

    def keys(self, address: str, port: int) -> tuple[str, ...]:
        """Keys of a host, and CAs after `@cert-authority`, in whatever form they stand there; () for none."""
        try:
            import asyncssh
        except ImportError as error:
            raise without_asyncssh(error) from error
        try:
            known = asyncssh.import_known_hosts(self.file.read_text())
        except FileNotFoundError:
            return ()
        except (OSError, ValueError) as error:
            raise SshFailed("key_unusable", f"The host keys in {self.file} can't be read: {error}") from error
        keys, authorities, revoked, *_ = known.match(address, "", None if port == DEFAULT_PORT else port)
        return (
            *(_line(key) for key in keys if key not in revoked),
            *(f"{AUTHORITY} {_line(key)}" for key in authorities if key not in revoked),
        )

    def pin(self, address: str, port: int, key: str) -> tuple[str, ...]:
        """Write a key down, unless some are there by now, and return those that count; others wait."""
        with locked_folder(self.file.parent):
            pinned = self.keys(address, port)
            if pinned:
                return pinned
            text = self.file.read_text() if self.file.exists() else ""
            ended = text if not text or text.endswith("\n") else f"{text}\n"
            try:
                write_private(self.file, ended + known_hosts_text(address, port, [key]))
            except OSError as error:
                why = of_system(error, self.file)
                raise SshFailed("key_unusable", f"The host's key can't be kept: {why}.") from error
        return (KeyLine.parse(key).text,)


def _line(key: "asyncssh.SSHKey") -> str:
    return KeyLine.parse(key.export_public_key("openssh").decode()).text
