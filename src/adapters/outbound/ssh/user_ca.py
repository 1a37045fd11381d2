"""The user CA of a hub: hosts that trust it let in whom it signs for."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from .authority import Authority, AuthorityFile
from .failures import SshFailed, without_asyncssh
from .locked_folder import locked_folder
from .revocations import revocation_list

SKEW = 60
"""Seconds by which a host's clock may be behind ours."""


@frozen
class UserCa:
    """Its keys (ed25519) lie in `<directory>/ssh/user_ca.json` (0600) and are made at first use.

    All methods block, for some milliseconds, and raise SshFailed where the file can't be used. Several
    processes may use one directory.

    A key is exchanged in three steps, so that no host ever refuses: `rotate` makes the next key, which hosts
    are told to trust; `switch` has it sign; `retire` forgets the one before.
    """

    directory: Path

    def public_keys(self) -> tuple[str, ...]:
        """All that hosts should trust, as lines of OpenSSH; the one that signs comes first."""
        return self._authority().public_keys

    def sign(
        self,
        public_key: str,
        *,
        principals: Iterable[str],
        serial: int,
        seconds: int,
        key_id: str,
        port_forwarding: bool = False,
    ) -> str:
        """A certificate (one line) for a public key, valid for so many seconds from now on.

        It also holds for hosts whose clock is up to 60 s behind. It permits neither terminal, agent, X11 nor
        user rc. Raises SshFailed: `serial` was revoked, or there are no principals, which would let it in
        everywhere.
        """
        asyncssh = _asyncssh()
        names, authority = list(principals), self._authority()
        if not names or not all(names):
            raise SshFailed("key_unusable", "A certificate is for one account at least.")
        if serial in authority.revoked:
            raise SshFailed("key_unusable", f"The serial {serial} was revoked.")
        now = int(time.time())
        signed = asyncssh.import_private_key(authority.signing).generate_user_certificate(
            asyncssh.import_public_key(public_key),
            key_id,
            serial=serial,
            principals=names,
            valid_after=now - SKEW,
            valid_before=now + seconds,
            permit_x11_forwarding=False,
            permit_agent_forwarding=False,
            permit_port_forwarding=port_forwarding,
            permit_pty=False,
            permit_user_rc=False,
        )
        return str(signed.export_certificate("openssh").decode()).strip()

    def rotate(self) -> str:
        """Make the next key, which signs nothing yet, and return its line; the same one if it is there."""
        with self._changing() as file:
            authority = file.read()
            if authority.next is None:
                authority = evolve(authority, next=_new_key())
                file.write(authority)
        assert authority.next is not None
        return authority.next_public_key

    def switch(self) -> str:
        """Have the next key sign, and return its line; the one before is still trusted.

        Raises SshFailed: no next key.
        """
        with self._changing() as file:
            authority = file.read()
            if authority.next is None:
                raise SshFailed(
                    "key_unusable", "There is no next key yet: `multiplespawner ca rotate` makes it."
                )
            file.write(
                evolve(
                    authority,
                    signing=authority.next,
                    next=None,
                    previous=(authority.signing, *authority.previous),
                )
            )
        return self.public_keys()[0]

    def retire(self) -> tuple[str, ...]:
        """Forget the keys that signed before, and return their lines: hosts need not trust them any more."""
        with self._changing() as file:
            authority = file.read()
            file.write(evolve(authority, previous=()))
        return authority.previous_public_keys

    def revoke(self, *serials: int) -> None:
        """Note that these certificates must not be let in; hosts learn it by `revocation_list`."""
        with self._changing() as file:
            authority = file.read()
            file.write(evolve(authority, revoked=authority.revoked | set(serials)))

    def revoked(self) -> frozenset[int]:
        """Serials of all that were revoked."""
        return self._authority().revoked

    def revocation_list(self) -> bytes:
        """OpenSSH's key revocation list, for `RevokedKeys` of sshd. Raises SshFailed."""
        authority = self._authority()
        return revocation_list(authority.public_keys, authority.revoked)

    def _authority(self) -> Authority:
        file = self._file()
        if not file.exists():
            with self._changing():
                pass
        return file.read()

    def _file(self) -> AuthorityFile:
        return AuthorityFile(self.directory / "ssh" / "user_ca.json")

    @contextmanager
    def _changing(self) -> Iterator[AuthorityFile]:
        """Whoever else wants to change it waits."""
        file = self._file()
        with locked_folder(self.directory / "ssh"):
            if not file.exists():
                file.write(Authority(_new_key()))
            yield file


def _new_key() -> str:
    key = _asyncssh().generate_private_key("ssh-ed25519", comment=f"multiplespawner-ca-{int(time.time())}")
    return str(key.export_private_key("openssh").decode())


def _asyncssh() -> Any:
    try:
        import asyncssh
    except ImportError as error:
        raise without_asyncssh(error) from error
    return asyncssh
