"""What stands in a certificate of OpenSSH."""

import base64
import binascii
import struct
from collections.abc import Mapping
from datetime import UTC, datetime

from attrs import define, frozen

from .failures import SshFailed
from .host_keys import KeyLine

FIELDS_OF_KEY: Mapping[str, int] = {"ssh-ed25519": 1, "ssh-rsa": 2, "ssh-dss": 4, "ecdsa-sha2": 2}
"""How many fields a public key has, by how its kind begins (PROTOCOL.certkeys of OpenSSH)."""

SOURCE = b"source-address"
"""Name of a critical option."""

NEVER = datetime(9999, 12, 31, tzinfo=UTC)
"""Stands for an end that no calendar has: 2^64 - 1 seconds."""


@frozen
class Certificate:
    """Whom a certificate lets in, and until when."""

    serial: int
    principals: tuple[str, ...]
    until: datetime
    """In UTC."""
    authority: str
    """Fingerprint of the CA that signed it."""
    source_address: str = ""
    """Networks that it is good from, with commas; empty for all."""

    @classmethod
    def parse(cls, line: str) -> "Certificate":
        """Read a line as `ssh-keygen -s` writes it. Raises SshFailed: key_unusable."""
        try:
            kind, data = line.split()[:2]
            return cls._read(kind, _Fields(base64.b64decode(data, validate=True)))
        except (ValueError, binascii.Error, struct.error, StopIteration) as error:
            raise SshFailed(
                "key_unusable", f"This is no certificate of OpenSSH: {line.strip()[:80]!r}"
            ) from error

    @classmethod
    def _read(cls, kind: str, fields: "_Fields") -> "Certificate":
        for _ in range(2 + next(count for of, count in FIELDS_OF_KEY.items() if kind.startswith(of))):
            fields.text()
        serial = fields.number(8)
        fields.number(4)
        fields.text()
        principals = _Fields(fields.text())
        fields.number(8)
        until = fields.number(8)
        critical = _Fields(fields.text())
        options = {critical.text(): _Fields(critical.text()) for _ in iter(lambda: critical.is_empty, True)}
        for _ in range(2):
            fields.text()
        signer = fields.text()
        authority = KeyLine(_Fields(signer).text().decode(), base64.b64encode(signer).decode())
        return cls(
            serial=serial,
            principals=tuple(principals.text().decode() for _ in iter(lambda: principals.is_empty, True)),
            until=datetime.fromtimestamp(until, UTC) if until < NEVER.timestamp() else NEVER,
            authority=authority.fingerprint,
            source_address=options[SOURCE].text().decode() if SOURCE in options else "",
        )

    @property
    def is_over(self) -> bool:
        """Whether its time has passed, by the clock of this machine."""
        return datetime.now(UTC) >= self.until


@define
class _Fields:
    """Fields of the wire format, one after the other."""

    _data: bytes

    @property
    def is_empty(self) -> bool:
        return not self._data

    def number(self, size: int) -> int:
        number, self._data = self._data[:size], self._data[size:]
        return int(struct.unpack({4: ">I", 8: ">Q"}[size], number)[0])

    def text(self) -> bytes:
        size = self.number(4)
        if size > len(self._data):
            raise ValueError("it ends too early")
        text, self._data = self._data[:size], self._data[size:]
        return text
