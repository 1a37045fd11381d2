"""The way into a host where nobody else gives one: a key file of the hub's, and known_hosts."""

import asyncio
import re
from pathlib import Path
from tempfile import TemporaryDirectory

from attrs import define, field

from ..adapters.outbound.ssh import SshFailed, known_hosts_text
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
        if self._folder is None:
            self._folder = TemporaryDirectory(prefix="multiplespawner-")  # 0700
        file = Path(self._folder.name) / "known_hosts"
        file.write_text(known_hosts_text(self.address, self.port, self._keys()))
        file.chmod(0o600)
        return Access(self.address, self.port, self.user, self.key_file, file)

    def _keys(self) -> list[str]:
        """Lines of the keys and authorities which are known for this host, also under a hashed name."""
        try:
            import asyncssh

            text = self.known_hosts.read_text()
        except FileNotFoundError:
            return []
        except OSError as error:
            raise SshFailed("key_unusable", f"{self.known_hosts} can't be read: {error.strerror}.") from error
        try:
            known = asyncssh.import_known_hosts(text)
        except ValueError as error:
            raise SshFailed("key_unusable", f"{self.known_hosts} can't be used: {error}.") from error
        keys, authorities, revoked, *_ = known.match(self.address, self.address, self.port)
        trusted = [(key, "") for key in keys if key not in revoked]
        trusted += [(key, "@cert-authority ") for key in authorities if key not in revoked]
        return [mark + key.export_public_key("openssh").decode().strip() for key, mark in trusted]
