"""Lets the hub into machines by short-lived certificates of its own CA, once they are the right ones."""

import logging
from functools import cache
from pathlib import Path
from typing import ClassVar

from attrs import field, frozen

from ....application.ports.authenticator import AuthenticationFailed, Credentials, Target
from ..ssh import SshFailed, UserCa, fingerprint
from ..ssh.failures import of_system
from ..ssh.host_keys import KeyLine
from ..ssh.to_the_end import to_the_end
from .entering import Entering
from .host_trust import HostTrust
from .session_keys import Made, SessionKeys, destroy, new_serial
from .ssh_settings import SSHAuthenticatorSettings

_logger = logging.getLogger("multiplespawner.authenticators")


@frozen
class SSHAuthenticator:
    """Two ed25519 keys a deployment: one for the notebook's account, one for the account that configures."""

    api: ClassVar[int] = 1
    settings_class: ClassVar[type] = SSHAuthenticatorSettings

    settings: SSHAuthenticatorSettings
    directory: Path
    _ca: UserCa = field(init=False)
    _trust: HostTrust = field(init=False)

    @_ca.default
    def _its_ca(self) -> UserCa:
        return UserCa(self.directory)

    @_trust.default
    def _its_trust(self) -> HostTrust:
        return HostTrust(self.directory, self.settings.strict_host_key_checking == "accept-new")

    async def prepare(self, target: Target) -> Credentials:
        """Verify the host, make keys and certificates, and enter once as the account that configures.

        Whether the notebook's account may enter is not asked: a configurer may have yet to make it. Nothing
        is left where it fails. Raises AuthenticationFailed.
        """
        for setting, instead in self.settings.remarks():
            _tell(setting, instead)
        try:
            return await self._prepared(target)
        except (SshFailed, OSError) as error:
            await to_the_end(destroy, target.folder)
            raise _failed(error, target) from error

    async def renew(self, target: Target) -> Credentials:
        """The same keys and serial, with certificates that begin now. Raises AuthenticationFailed."""
        try:
            return await to_the_end(self._renewed, SessionKeys(target))
        except (SshFailed, OSError) as error:
            raise _failed(error, target) from error

    async def withdraw(self, folder: Path) -> None:
        """Remove keys and certificates; what was connected stays so."""
        await to_the_end(destroy, folder)

    async def _prepared(self, target: Target) -> Credentials:
        keys = SessionKeys(target)
        address, port = keys.notebook.address, keys.notebook.port
        host_keys = await self._trust.keys(address, port, target.host_keys)
        serial = await to_the_end(self._made, keys, host_keys)
        try:
            entering = Entering(self._ca, self.settings.key_file, self.settings.source_address)
            shown, key_file = await entering.by(keys.configuring, certified=serial is not None)
        except SshFailed as error:
            if error.code == "host_key_mismatch":
                raise SshFailed(
                    error.code, f"{error.message} {self._trust.advice(target.host_keys)}"
                ) from error
            raise
        made = Made(serial, _verified(shown, host_keys), str(key_file) if key_file else None)
        await to_the_end(keys.remember, made, certified=key_file is None)
        return await to_the_end(keys.credentials)

    def _made(self, keys: SessionKeys, host_keys: tuple[str, ...]) -> int | None:
        """Make keys, and certificates if there are to be any; the serial of these."""
        keys.make(host_keys)
        if not self.settings.create_certificate:
            return None
        serial = new_serial()
        self._sign(keys, serial)
        return serial

    def _renewed(self, keys: SessionKeys) -> Credentials:
        made = keys.made()
        if made.serial is not None:
            self._sign(keys, made.serial)
        return keys.credentials()

    def _sign(self, keys: SessionKeys, serial: int) -> None:
        said = self.settings
        keys.sign(self._ca, serial, said.certificate_minutes * 60, said.identity, said.source_address)


def _verified(shown: str, host_keys: tuple[str, ...]) -> str:
    """Fingerprint of the host's own key if that is pinned, else of the CA that vouches for it."""
    lines = [KeyLine.parse(line) for line in host_keys]
    if any(line.text == shown for line in lines if not line.authority):
        return fingerprint(shown)
    return next((line.fingerprint for line in lines if line.authority), fingerprint(shown))


def _failed(error: SshFailed | OSError, target: Target) -> AuthenticationFailed:
    if isinstance(error, SshFailed):
        return AuthenticationFailed(error.code, error.message)
    return AuthenticationFailed("key_unusable", f"The keys can't be used: {of_system(error, target.folder)}.")


@cache
def _tell(setting: str, instead: str) -> None:
    """Say it once in the life of this process."""
    _logger.warning("%s of the SSH authenticator: %s", setting, instead)
