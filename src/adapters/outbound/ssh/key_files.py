"""Keys and certificates in files that only we can read."""

import os
import secrets
from pathlib import Path

from .certificates import Certificate

CERTIFICATE = "-cert.pub"
"""Ends the name of the file beside a key that OpenSSH looks for."""

TRUSTED = "ca-trusted"
"""A file beside keys: the host has let a certificate of the CA in, for the account that stands in it."""

KeyPair = tuple[bytes, bytes | None]
"""A private key and its certificate, None if it has none, as in their files."""


def certificate_file(key_file: Path) -> Path:
    """Where the certificate of a key lies."""
    return key_file.with_name(key_file.name + CERTIFICATE)


def key_pair(key_file: Path) -> KeyPair:
    """A key and its certificate; raises OSError."""
    try:
        certificate = certificate_file(key_file).read_bytes()
    except FileNotFoundError:
        certificate = None
    return key_file.read_bytes(), certificate


def certificate_of(key_file: Path) -> Certificate | None:
    """The certificate beside a key; None if there is none. Raises OSError, SshFailed (key_unusable)."""
    try:
        text = certificate_file(key_file).read_text()
    except FileNotFoundError:
        return None
    return Certificate.parse(text)


def note_trust(key_file: Path, account: str) -> None:
    """Keep in mind that a certificate of the same CA was let in for this account; raises OSError."""
    write_private(key_file.with_name(TRUSTED), account)


def trust_noted(key_file: Path) -> str | None:
    """For which account a certificate of the same CA was let in; None where that is not known."""
    try:
        return key_file.with_name(TRUSTED).read_text()
    except OSError:
        return None


def write_private(file: Path, text: str) -> None:
    """Write a file (0600) that is there whole or not at all; raises OSError."""
    unfinished = file.with_name(f".{file.name}-{secrets.token_hex(4)}")
    try:
        with open(unfinished, "x", encoding="utf-8", opener=_for_us_alone) as opened:
            opened.write(text)
            opened.flush()
            os.fsync(opened.fileno())
        unfinished.replace(file)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def _for_us_alone(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_CLOEXEC, 0o600)
