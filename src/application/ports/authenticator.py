"""Authenticators: make a resource trustworthy, and us to it."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, Protocol

from attrs import frozen

from ...domain.values import Endpoint


@frozen
class Access:
    """How one account of a resource is entered over SSH."""

    address: str
    port: int
    user: str
    key_file: Path
    """Private key in OpenSSH's format, 0600; a certificate, if any, lies beside it: `<key_file>-cert.pub`."""
    known_hosts_file: Path
    """In OpenSSH's format, 0600: what this host must show (keys or `@cert-authority`), nothing else."""


@frozen
class Target:
    """What is to be entered."""

    endpoint: Endpoint
    host_keys: tuple[str, ...]
    """What the provider vouches for: `ssh-ed25519 AAAA…` (a pinned key), or with `@cert-authority `
    before it (a host CA); () where it knows nothing."""
    account: str
    """Unix account of the notebook."""
    administrator: str | None
    """Account that configures it; None where that is `account` itself."""
    folder: Path
    """0700, of this deployment alone; destroyed with it."""


@frozen
class Credentials:
    """What was made; the secrets themselves are files in the target's folder."""

    notebook: Access
    configuring: Access
    """Of the account that configures."""
    public_key: str
    """OpenSSH line of the notebook's key."""
    fingerprint: str
    """`SHA256:…` of it."""
    serial: int | None = None
    """Of the notebook's certificate; None without one."""
    until: datetime | None = None
    """End of the certificate."""
    host_key: str | None = None
    """`SHA256:…` of the host's key, or of its CA, that was verified."""


class AuthenticationFailed(Exception):
    """Trust could not be made; `code` is stable, the message is for the user, without secrets."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Authenticator(Protocol):
    """Prepares, renews and withdraws credentials; made as `cls(settings, directory)` once for its settings.

    `directory` is the spawner's own (0700): what must outlive a deployment, such as a user CA, lies there.
    """

    api: ClassVar[int]
    """Version of this port that the adapter was written for: 1."""
    settings_class: ClassVar[type]
    """An attrs class of what a template says of it."""

    async def prepare(self, target: Target) -> Credentials:
        """Make credentials for a deployment; safe to repeat (the earlier ones are replaced).

        Raises AuthenticationFailed.
        """

    async def renew(self, target: Target) -> Credentials:
        """The same keys, good for another connection. Raises AuthenticationFailed where there are none."""

    async def withdraw(self, folder: Path) -> None:
        """Destroy all credentials in a target's folder; none left is success: safe to repeat."""


class AuthenticatorMissing(Exception):
    """An authenticator can't be made here; the message says what to install or configure."""


class Authenticators(Protocol):
    """Which authenticators there are here."""

    def authenticator(self, class_path: str, settings: Mapping[str, Any]) -> Authenticator:
        """The one that a template names, with what it says of it. Raises AuthenticatorMissing."""
