"""The way into a host where nobody else gives one: a key file of the hub's, and known_hosts."""

import asyncio
import re
from pathlib import Path
from tempfile import TemporaryDirectory

from attrs import define, field

from ..adapters.outbound.ssh import known_hosts_text
from ..adapters.outbound.ssh.pinned_hosts import PinnedHosts
from ..application.ports.authenticator import Access
from .failing import failure

ACCOUNT = re.compile(r"[A-Za-z_][A-Za-z0-9_.@-]{0,31}\$?")
"""What useradd takes, and what names of directory services look like."""


def account(name: str, *, root: bool) -> str:
    """A unix account with this name; raises NotOnHost where it can't be one, or is root's and may not be."""
    if not ACCOUNT.fullmatch(name) or (name == "root" and not root):
        raise failure("account_refused", user=name)
    return name


@define(eq=False)
class OwnAccess:
    """Enters one account of one host; the host must show a key that known_hosts has for it."""

    address: str
    port: int
    user: str
    key_file: Path
    known_hosts: Path
    """Of OpenSSH, with any hosts in it."""
    _folder: TemporaryDirectory[str] | None = field(default=None, init=False, repr=False)

    async def __call__(self) -> Access:
        """The access; raises SshFailed (key_unusable)."""
        return await asyncio.to_thread(self._access)

    def _access(self) -> Access:
        if self._folder is not None:
            self._folder.cleanup()
        # 0700, and new for each connect: in the days between two, somebody may have swept /tmp
        self._folder = TemporaryDirectory(prefix="multiplespawner-", ignore_cleanup_errors=True)
        file = Path(self._folder.name) / "known_hosts"
        keys = PinnedHosts(self.known_hosts).keys(self.address, self.port)
        file.write_text(known_hosts_text(self.address, self.port, keys))
        file.chmod(0o600)
        return Access(self.address, self.port, self.user, self.key_file, file)
