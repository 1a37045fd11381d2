"""An authenticator that enters nothing: its keys look like keys and open no door."""

import base64
import hashlib
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar

from attrs import evolve, field, frozen

from ...application.ports.authenticator import Access, AuthenticationFailed, Credentials, Target

KEYS = ("notebook", "configuring")
HOST_KEYS = "known_hosts"
MINUTES = 10
"""How long a certificate would hold."""


@frozen
class MemoryAuthenticatorSettings:
    """What a template may say of it."""

    key_name: str = "key"
    """Begins the names of the key files."""


@frozen
class MemoryAuthenticator:
    """Writes files as a real one does, and believes every host."""

    api: ClassVar[int] = 1
    settings_class: ClassVar[type] = MemoryAuthenticatorSettings

    settings: MemoryAuthenticatorSettings = field(factory=MemoryAuthenticatorSettings)
    directory: Path | None = None
    calls: list[tuple[str, Path]] = field(factory=list, init=False, eq=False)
    """Methods that were called, each with the folder it was about."""
    made: dict[Path, Credentials] = field(factory=dict, init=False, eq=False)
    """What has not been withdrawn, by its folder."""

    async def prepare(self, target: Target) -> Credentials:
        """Write two keys and what the host must show."""
        self.calls.append(("prepare", target.folder))
        _empty(target.folder)
        public = _public_key()
        _write(target.folder / HOST_KEYS, "".join(f"{line}\n" for line in target.host_keys or ("any",)))
        for key in KEYS:
            _write(self._file(target, key), f"{secrets.token_hex(16)}\n")
        self.made[target.folder] = Credentials(
            notebook=self._access(target, target.account, KEYS[0]),
            configuring=self._access(target, target.administrator or target.account, KEYS[1]),
            public_key=public,
            fingerprint=_fingerprint(public),
            serial=secrets.randbits(48),
            until=_soon(),
            host_key=f"SHA256:{'h' * 43}",
        )
        return self.made[target.folder]

    async def renew(self, target: Target) -> Credentials:
        """The same, for ten minutes more. Raises AuthenticationFailed: there are none."""
        self.calls.append(("renew", target.folder))
        if target.folder not in self.made:
            raise AuthenticationFailed("credentials_missing", "There are no keys for this machine.")
        self.made[target.folder] = evolve(self.made[target.folder], until=_soon())
        return self.made[target.folder]

    async def withdraw(self, folder: Path) -> None:
        """Remove the files."""
        self.calls.append(("withdraw", folder))
        self.made.pop(folder, None)
        _empty(folder)

    def _access(self, target: Target, user: str, key: str) -> Access:
        endpoint = target.endpoint
        known = target.folder / HOST_KEYS
        return Access(endpoint.address or "", endpoint.port or 22, user, self._file(target, key), known)

    def _file(self, target: Target, key: str) -> Path:
        return target.folder / f"{self.settings.key_name}-{key}"


@frozen
class AuthenticatorThatRefuses(MemoryAuthenticator):
    """Has a reason against some hosts: `refusals` by their addresses, at every call."""

    refusals: Mapping[str, AuthenticationFailed] = field(factory=dict, kw_only=True)

    async def prepare(self, target: Target) -> Credentials:
        """Make credentials, unless there is a reason not to: then nothing is left."""
        self._refuse(target)
        return await super().prepare(target)

    async def renew(self, target: Target) -> Credentials:
        """Renew them, unless there is a reason not to."""
        self._refuse(target)
        return await super().renew(target)

    def _refuse(self, target: Target) -> None:
        refusal = self.refusals.get(target.endpoint.address or "")
        if refusal is not None:
            raise AuthenticationFailed(refusal.code, refusal.message)


def _empty(folder: Path) -> None:
    if folder.is_dir():
        for file in folder.iterdir():
            file.unlink()


def _write(file: Path, text: str) -> None:
    file.touch(mode=0o600)
    file.write_text(text)


def _public_key() -> str:
    kind = b"ssh-ed25519"
    fields = (kind, secrets.token_bytes(32))
    blob = b"".join(len(each).to_bytes(4, "big") + each for each in fields)
    return f"{kind.decode()} {base64.b64encode(blob).decode()}"


def _fingerprint(public: str) -> str:
    digest = hashlib.sha256(base64.b64decode(public.split()[1])).digest()
    return f"SHA256:{base64.b64encode(digest).decode().rstrip('=')}"


def _soon() -> datetime:
    return datetime.now(UTC) + timedelta(minutes=MINUTES)
