"""The user CA of a hub: hosts that trust it let in whom it signs for."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from attrs import evolve, frozen

from .authority import Authority, AuthorityFile, TrustedKey
from .failures import SshFailed
from .locked_folder import locked_folder
from .revocations import revocation_list
from .signing import Validity, new_key, signed

SKEW = 60
"""Seconds by which a host's clock may be behind ours."""
YEARS = 5 * 365 * 24 * 3600
"""Seconds that no clock is wrong by, unless it stands at its beginning."""


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
        return tuple(key.line for key in self.trusted())

    def trusted(self) -> tuple[TrustedKey, ...]:
        """The same, each with what it is for."""
        return self._authority().trusted

    def sign(
        self,
        public_key: str,
        *,
        principals: Iterable[str],
        serial: int,
        seconds: int,
        key_id: str,
        port_forwarding: bool = False,
        source_address: Sequence[str] = (),
    ) -> str:
        """A certificate (one line) for a public key, valid for so many seconds from now on.

        It also holds for hosts whose clock is up to 60 s behind. It permits neither terminal, agent, X11 nor
        user rc. `source_address` has the networks that it is good from; () for all. Raises SshFailed:
        `serial` was revoked (certificate_revoked), or there are no principals, which would let it in
        everywhere.
        """
        names, authority = list(principals), self._authority()
        if not names or not all(names):
            raise SshFailed("key_unusable", "A certificate is for one account at least.")
        if serial in authority.revoked:
            raise SshFailed(
                "certificate_revoked", f"The certificates with the serial {serial} were revoked by hand."
            )
        valid = Validity(SKEW, seconds)
        return signed(
            authority.signing,
            public_key,
            key_id,
            valid,
            serial=serial,
            principals=names,
            permit_port_forwarding=port_forwarding,
            source_address=list(source_address) or None,
        )

    def sign_for_asking(self, public_key: str, *, principal: str, source_address: Sequence[str] = ()) -> str:
        """A certificate that holds for years, before and after now, and with which nothing can be done.

        A host that takes it and refuses a short one has another time.
        """
        return signed(
            self._authority().signing,
            public_key,
            "multiplespawner-clock",
            Validity(YEARS, YEARS),
            principals=[principal],
            permit_port_forwarding=False,
            force_command="false",
            source_address=list(source_address) or None,
        )

    def rotate(self) -> None:
        """Make the next key, which signs nothing yet; safe to repeat."""
        with self._changing() as file:
            authority = file.read()
            if authority.next is None:
                file.write(evolve(authority, next=new_key()))

    def switch(self) -> None:
        """Have the next key sign; the one before is still trusted. Raises SshFailed: there is no next key."""
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

    def retire(self) -> int:
        """Forget the keys that signed before, and return how many: hosts need not trust them any more."""
        with self._changing() as file:
            authority = file.read()
            file.write(evolve(authority, previous=()))
        return len(authority.previous)

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
        return revocation_list((key.line for key in authority.trusted), authority.revoked)

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
                file.write(Authority(new_key()))
            yield file
