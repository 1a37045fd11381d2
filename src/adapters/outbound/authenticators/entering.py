"""Tries to enter a host for the first time, and finds out why it refuses."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import asyncssh
from attrs import evolve, frozen

from ....application.ports.authenticator import Access
from ..ssh import SshFailed, UserCa, connect, on_ssh_loop
from ..ssh.connecting import Client
from ..ssh.failures import of_system, place
from ..ssh.host_keys import KeyLine
from ..ssh.key_files import key_pair
from ..ssh.refusing import refused
from .second_key import SecondKey

REFUSED = frozenset({"login_refused", "principal_refused", "certificate_expired"})
"""Codes of a host that was reached, is the right one, and lets nobody in."""


@frozen
class Entering:
    """The ways in: a certificate of the hub's CA, and where that is not trusted yet a key that is."""

    ca: UserCa
    key_file: Path | None
    source_address: Sequence[str] = ()
    """Networks that certificates are good from; () for all."""

    async def by(self, access: Access, *, certified: bool) -> tuple[str, Path | None]:
        """The host's key as it showed it, and the key file that let in; None if the certificate did.

        One login, whatever is refused in it. Raises SshFailed.
        """
        if certified:
            return await self._by_certificate(access)
        if self.key_file is None:
            raise SshFailed(
                "login_refused",
                f"Nothing lets {access.user!r} in at {place(access.address, access.port)}: "
                "create_certificate is off. Turn it on, or name a private key that the host accepts as "
                "ssh_keyfile of the authenticator.",
            )
        _check(self.key_file)
        return await _log_in(evolve(access, key_file=self.key_file)), self.key_file

    async def _by_certificate(self, access: Access) -> tuple[str, Path | None]:
        key_file = self.key_file
        second = SecondKey(
            partial(_for_asking, self.ca, access.user, self.source_address)
            if key_file is None
            else partial(_of, key_file)
        )
        try:
            shown = await _log_in(access, second.client)
        except SshFailed as error:
            if error.code not in REFUSED:
                raise
            raise second.flaw or await self._not_trusted(access) from error
        if second.is_offered and key_file is None:
            raise _wrong_clock(access)
        return shown, key_file if second.is_offered else None

    async def _not_trusted(self, access: Access) -> SshFailed:
        where = place(access.address, access.port)
        if self.key_file is not None:
            by_key = await asyncio.to_thread(refused, evolve(access, key_file=self.key_file))
            both = f"{by_key.message} Nor does it let in by the hub's certificate. {self._ask_for_trust()}"
            return SshFailed(by_key.code, both)
        networks = " or ".join(self.source_address)
        seen = f", or sees the hub come from elsewhere than {networks} (source_address)" if networks else ""
        return SshFailed(
            "ca_not_trusted",
            f"{where} does not let {access.user!r} in by a certificate of the hub's CA. "
            f"{self._ask_for_trust()} Or name a private key that the host accepts already as ssh_keyfile of "
            "the authenticator. If the host trusts the CA, then it has no such account, or an "
            f"AuthorizedPrincipalsFile without the line {access.user!r} for it{seen}.",
        )

    def _ask_for_trust(self) -> str:
        lines = " and ".join(repr(key) for key in self.ca.public_keys())
        return (
            f"Put the line {lines} into the file that TrustedUserCAKeys names in the sshd_config of the host "
            "(`multiplespawner ca` prints both)."
        )


async def _log_in(access: Access, client: Client | None = None) -> str:
    return await on_ssh_loop(_shown_at_login(access, client))


async def _shown_at_login(access: Access, client: Client | None) -> str:
    connection = await connect(access, client=client)
    async with connection:
        key = connection.get_server_host_key()
    assert key is not None  # the host has shown it, or there would be no connection
    return KeyLine.parse(key.export_public_key("openssh").decode()).text


def _of(key_file: Path) -> Sequence[asyncssh.SSHKeyPair]:
    _check(key_file)
    try:
        pair: Any = key_pair(key_file)
        return asyncssh.load_keypairs([pair])
    except OSError as error:
        raise SshFailed("key_unusable", f"ssh_keyfile {of_system(error, key_file)}.") from error
    except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError) as error:
        raise SshFailed("key_unusable", f"The key {key_file} can't be used: {error}.") from error


def _for_asking(ca: UserCa, user: str, source_address: Sequence[str]) -> Sequence[asyncssh.SSHKeyPair]:
    """With a certificate that lets nothing be done, and holds for years.

    The key is on no disk. A host that lets it in, and the other not, has another time.
    """
    key = asyncssh.generate_private_key("ssh-ed25519")
    line = key.export_public_key("openssh").decode()
    signed = ca.sign_for_asking(line, principal=user, source_address=source_address)
    # the other pair would be the key without its certificate
    return asyncssh.load_keypairs([(key, signed.encode())])[:1]


def _wrong_clock(access: Access) -> SshFailed:
    return SshFailed(
        "certificate_expired",
        f"{place(access.address, access.port)} takes a certificate that has just been issued for expired, or "
        f"not valid yet. The hub's clock says {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC: set the one that is "
        "wrong.",
    )


def _check(key_file: Path) -> None:
    """OpenSSH, by which Ansible enters, takes no key that others may read."""
    try:
        mode = key_file.stat().st_mode
    except OSError as error:
        raise SshFailed("key_unusable", f"ssh_keyfile {key_file} can't be read: {error.strerror}.") from error
    if mode & 0o077:
        raise SshFailed("key_unusable", f"Others may read ssh_keyfile {key_file}: chmod 600 {key_file}")
