"""How the hub enters a host of a pool: which key it must show, and which we show it."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from attrs import field, frozen

from .....application.ports.authenticator import Access
from ...ssh import UserCa, fingerprint, known_hosts_text
from ...ssh.failures import without_asyncssh
from ...ssh.key_files import certificate_file
from ...ssh.pinned_hosts import NotPinned, PinnedHosts
from ...ssh.to_the_end import to_the_end
from .login_folder import LoginFolder
from .settings import HostSettings, HostsSettings
from .trouble import unknown_key

LIFETIME = 300
"""Seconds for which a certificate is good; it is needed for one login, and clocks differ."""


@frozen
class Entrance:
    """The way into one host."""

    host: HostSettings
    settings: HostsSettings
    directory: Path
    port: int = field(init=False)
    user: str = field(init=False)
    key_file: Path | None = field(init=False)

    @port.default
    def _port(self) -> int:
        return self.settings.port_of(self.host)

    @user.default
    def _user(self) -> str:
        return self.settings.user_of(self.host)

    @key_file.default
    def _key_file(self) -> Path | None:
        return self.settings.key_file_of(self.host)

    async def host_keys(self) -> tuple[str, ...]:
        """What it must show, a CA with `@cert-authority ` before it. Raises NotTrusted, SshFailed."""
        said = (*self.host.host_key, *(f"@cert-authority {key}" for key in self.host.host_ca))
        if said:
            return said
        try:
            return await PinnedHosts(self.directory / "ssh" / "known_hosts").trusted(
                self.host.address,
                self.port,
                accepts_new=self.settings.takes_new_key_of(self.host),
                seconds=self.settings.connect_timeout,
            )
        except NotPinned as error:
            shown = error.shown
            raise unknown_key(self.host.name, self.host.address, shown, fingerprint(shown)) from error

    @asynccontextmanager
    async def access(self, host_keys: tuple[str, ...]) -> AsyncIterator[Access]:
        """Files for one login, gone afterwards. Raises SshFailed, OSError."""
        folder = LoginFolder(self.directory / "ssh")
        try:
            yield await to_the_end(self._prepared, folder, host_keys)
        finally:
            await to_the_end(folder.remove)

    def _prepared(self, folder: LoginFolder, host_keys: tuple[str, ...]) -> Access:
        made = folder.make()
        known_hosts = made / "known_hosts"
        known_hosts.touch(mode=0o600)
        known_hosts.write_text(known_hosts_text(self.host.address, self.port, host_keys))
        key_file = self.key_file or self._signed(made / "key")
        return Access(self.host.address, self.port, self.user, key_file, known_hosts)

    def _signed(self, key_file: Path) -> Path:
        """A fresh key with a certificate of the hub's CA."""
        try:
            import asyncssh
        except ImportError as error:
            raise without_asyncssh(error) from error
        key = asyncssh.generate_private_key("ssh-ed25519")
        certificate = UserCa(self.directory).sign(
            key.export_public_key("openssh").decode(),
            principals=(self.user,),
            serial=secrets.randbits(48),
            seconds=LIFETIME,
            key_id=f"multiplespawner hosts {self.host.name}",
            source_address=self.settings.source_address,
        )
        key_file.touch(mode=0o600)
        key_file.write_bytes(key.export_private_key("openssh"))
        certificate_file(key_file).write_text(f"{certificate}\n")
        return key_file
