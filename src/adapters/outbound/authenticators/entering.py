"""Tries to enter a host for the first time, and finds out why it refuses."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import asyncssh
from attrs import evolve, frozen

from ....application.ports.authenticator import Access
from ..ssh import SshFailed, UserCa, connect, on_ssh_loop
from ..ssh.connecting import connect_with
from ..ssh.failures import place
from ..ssh.host_keys import KeyLine

REFUSED = frozenset({"login_refused", "principal_refused", "certificate_expired"})
"""Codes of a host that was reached, is the right one, and lets nobody in."""


@frozen
class Entering:
    """The ways in: a certificate of the hub's CA, and where that is not trusted yet a key that is."""

    ca: UserCa
    key_file: Path | None

    async def by(self, access: Access, *, certified: bool) -> tuple[str, Path | None]:
        """The host's key as it showed it, and the key file that let in; None if the certificate did.

        Raises SshFailed.
        """
        refused = None
        if certified:
            try:
                return await _log_in(access), None
            except SshFailed as error:
                if error.code not in REFUSED:
                    raise
                refused = error
        if self.key_file is not None:
            return await self._by_key(access, self.key_file, refused), self.key_file
        raise await self._why(access, refused) from refused

    async def _by_key(self, access: Access, key_file: Path, refused: SshFailed | None) -> str:
        _check(key_file)
        try:
            return await _log_in(evolve(access, key_file=key_file))
        except SshFailed as error:
            if error.code not in REFUSED or refused is None:
                raise
            both = f"{error.message} Nor does it let in by the hub's certificate. {self._ask_for_trust()}"
            raise SshFailed(error.code, both) from error

    async def _why(self, access: Access, refused: SshFailed | None) -> SshFailed:
        where = place(access.address, access.port)
        if refused is None:
            return SshFailed(
                "login_refused",
                f"Nothing lets {access.user!r} in at {where}: create_certificate is off. Turn it on, or name "
                "a private key that the host accepts as ssh_keyfile of the authenticator.",
            )
        if await self._is_clock(access):
            return SshFailed(
                "certificate_expired",
                f"{where} takes a certificate that has just been issued for expired, or not valid yet. The "
                f"hub's clock says {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC: set the one that is wrong.",
            )
        return SshFailed(
            "ca_not_trusted",
            f"{where} does not let {access.user!r} in by a certificate of the hub's CA. "
            f"{self._ask_for_trust()} Or name a private key that the host accepts already as ssh_keyfile of "
            "the authenticator. If the host trusts the CA, then it has no such account, or an "
            f"AuthorizedPrincipalsFile without the line {access.user!r} for it.",
        )

    def _ask_for_trust(self) -> str:
        lines = " and ".join(repr(key) for key in self.ca.public_keys())
        return (
            f"Put the line {lines} into the file that TrustedUserCAKeys names in the sshd_config of the host "
            "(`multiplespawner ca` prints both)."
        )

    async def _is_clock(self, access: Access) -> bool:
        """Whether the host would accept the same certificate if it held for years.

        It is asked with a key that is on no disk, for which a certificate lets nothing be done.
        """
        return await on_ssh_loop(_accepts(access, self.ca))


async def _log_in(access: Access) -> str:
    return await on_ssh_loop(_shown_at_login(access))


async def _shown_at_login(access: Access) -> str:
    connection = await connect(access)
    async with connection:
        key = connection.get_server_host_key()
    assert key is not None  # the host has shown it, or there would be no connection
    return KeyLine.parse(key.export_public_key("openssh").decode()).text


async def _accepts(access: Access, ca: UserCa) -> bool:
    key = asyncssh.generate_private_key("ssh-ed25519")
    line = key.export_public_key("openssh").decode()
    signed = await asyncio.to_thread(ca.sign_for_asking, line, principal=access.user)
    try:
        connection = await connect_with(access, (key.export_private_key("openssh"), signed.encode()))
    except SshFailed:
        return False
    connection.close()
    await connection.wait_closed()
    return True


def _check(key_file: Path) -> None:
    """OpenSSH, by which Ansible enters, takes no key that others may read."""
    try:
        mode = key_file.stat().st_mode
    except OSError as error:
        raise SshFailed("key_unusable", f"ssh_keyfile {key_file} can't be read: {error.strerror}.") from error
    if mode & 0o077:
        raise SshFailed("key_unusable", f"Others may read ssh_keyfile {key_file}: chmod 600 {key_file}")
