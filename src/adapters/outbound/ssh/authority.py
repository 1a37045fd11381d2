"""The keys of a user CA in one file, so that a change of them is seen whole or not at all."""

import json
from pathlib import Path

import cattrs
from attrs import field, frozen

from .failures import SshFailed, without_asyncssh
from .key_files import write_private


@frozen
class TrustedKey:
    """A key of the CA that hosts should trust now."""

    state: str
    """`signing`, `next` or `previous`."""
    line: str
    """Public, as a line of OpenSSH."""


@frozen
class Authority:
    """Private keys in OpenSSH's format, and what was revoked."""

    signing: str = field(repr=False)
    next: str | None = field(default=None, repr=False)
    """Trusted already, and signs when told; None unless the keys are being exchanged."""
    previous: tuple[str, ...] = field(default=(), repr=False)
    """Trusted still."""
    revoked: frozenset[int] = frozenset()
    """Serials."""

    @property
    def trusted(self) -> tuple[TrustedKey, ...]:
        """All that hosts should trust; the signing one first."""
        following = () if self.next is None else (self.next,)
        return (
            TrustedKey("signing", _line(self.signing)),
            *(TrustedKey("next", _line(each)) for each in following),
            *(TrustedKey("previous", _line(each)) for each in self.previous),
        )


@frozen
class AuthorityFile:
    """A file of JSON (0600)."""

    path: Path

    def exists(self) -> bool:
        """Whether there is a CA already."""
        return self.path.exists()

    def read(self) -> Authority:
        """What it holds. Raises SshFailed, which tells nothing of what stands there."""
        try:
            authority = cattrs.structure(json.loads(self.path.read_bytes()), Authority)
            _ = authority.trusted
        except OSError as error:
            raise self._unusable(error.strerror or "unknown") from error
        except SshFailed:
            raise
        except Exception:
            # what can't be read may be a part of a key: not even the cause tells of it
            raise self._unusable("it is damaged; restore it from a backup") from None
        return authority

    def write(self, authority: Authority) -> None:
        """Put it in place of what was there; the caller has the folder for itself. Raises SshFailed."""
        try:
            for left in self.path.parent.glob(f".{self.path.name}-*"):
                # of a process that was killed: keys that nobody would ever retire
                left.unlink(missing_ok=True)
            write_private(self.path, json.dumps(cattrs.unstructure(authority), default=sorted))
        except OSError as error:
            raise self._unusable(error.strerror or "unknown") from error

    def _unusable(self, why: str) -> SshFailed:
        return SshFailed("key_unusable", f"The keys of the user CA in {self.path} can't be used: {why}.")


def _line(private_key: str) -> str:
    try:
        import asyncssh
    except ImportError as error:
        raise without_asyncssh(error) from error
    return asyncssh.import_private_key(private_key).export_public_key("openssh").decode().strip()
