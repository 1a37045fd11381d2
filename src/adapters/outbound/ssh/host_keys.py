"""Lines of OpenSSH that tell keys of hosts: read, shortened to a fingerprint, written as known_hosts."""

import base64
import binascii
import hashlib
from collections.abc import Iterable, Mapping

from attrs import frozen

from .failures import SshFailed

AUTHORITY = "@cert-authority"
DEFAULT_PORT = 22

ALGORITHMS: Mapping[str, tuple[str, ...]] = {
    "ssh-ed25519": ("ssh-ed25519",),
    "ecdsa-sha2-nistp256": ("ecdsa-sha2-nistp256",),
    "ecdsa-sha2-nistp384": ("ecdsa-sha2-nistp384",),
    "ecdsa-sha2-nistp521": ("ecdsa-sha2-nistp521",),
    "ssh-rsa": ("rsa-sha2-512", "rsa-sha2-256"),
}
"""What hosts have, best first: of each kind of key, how it may sign."""
CERTIFIED = "-cert-v01@openssh.com"
"""Ends the name of an algorithm where the key comes with a certificate."""


@frozen
class KeyLine:
    """A public key: of a host, of a CA of hosts, or of a user."""

    kind: str
    """Such as `ssh-ed25519`."""
    data: str
    """In Base64."""
    authority: bool = False

    @classmethod
    def parse(cls, line: str) -> "KeyLine":
        """Read `[@cert-authority] KIND DATA [COMMENT]`; the comment is dropped. Raises SshFailed."""
        words = line.split()
        authority = words[:1] == [AUTHORITY]
        kind, data = (*words[authority : authority + 2], "", "")[:2]
        if "\n" in line.strip() or _kind_in(data) != kind:
            raise SshFailed("key_unusable", f"This is no public key of OpenSSH: {line.strip()[:80]!r}")
        return cls(kind, data, authority)

    @property
    def fingerprint(self) -> str:
        """`SHA256:…` as `ssh-keygen -l` prints it."""
        digest = hashlib.sha256(base64.b64decode(self.data)).digest()
        return f"SHA256:{base64.b64encode(digest).decode().rstrip('=')}"

    @property
    def text(self) -> str:
        """`KIND DATA`."""
        return f"{self.kind} {self.data}"

    def known_as(self, host: str) -> str:
        """A line of known_hosts."""
        return f"{AUTHORITY} {host} {self.text}" if self.authority else f"{host} {self.text}"


def fingerprint(public_key_line: str) -> str:
    """`SHA256:…` of a key, or of the CA after `@cert-authority`. Raises SshFailed: key_unusable."""
    return KeyLine.parse(public_key_line).fingerprint


def known_as(address: str, port: int) -> str:
    """What OpenSSH and asyncssh call a host in known_hosts."""
    return address if port == DEFAULT_PORT else f"[{address}]:{port}"


def known_hosts_text(address: str, port: int, host_keys: Iterable[str]) -> str:
    """A known_hosts file in which this host has these keys or CAs, and no other host any.

    Raises SshFailed (key_unusable): a line that is no key, or an address that would be read as a pattern.
    """
    if not address or any(each in "*?!|,#@" or each.isspace() for each in address):
        raise SshFailed("key_unusable", f"This is no address of a host: {address!r}")
    host = known_as(address, port)
    return "".join(f"{KeyLine.parse(line).known_as(host)}\n" for line in host_keys)


def algorithms(known_hosts: str) -> list[str]:
    """What a host is asked to show, best first: what it must have, then what else it may have.

    Without the latter a host that has none of its keys any more would look like one that hangs up.
    """
    entries = [line.split()[-3:] for line in known_hosts.splitlines() if line.strip()]
    authority = any(line.startswith(AUTHORITY) for line in known_hosts.splitlines())
    pinned = [each for _, kind, _ in entries for each in ALGORITHMS.get(kind, (kind,))]
    plain = [each for of_kind in ALGORITHMS.values() for each in of_kind]
    certified = [f"{each}{CERTIFIED}" for each in plain] if authority else []
    return list(dict.fromkeys([*certified, *pinned, *plain]))


def _kind_in(data: str) -> str | None:
    """The kind that the key itself names in its first field; None if it is no key, or not a whole one."""
    try:
        left = base64.b64decode(data, validate=True)
        fields = []
        while left:
            size = int.from_bytes(left[:4], "big")
            fields.append(left[4 : 4 + size])
            if len(left) < 4 + size:
                return None
            left = left[4 + size :]
        return fields[0].decode("ascii") if len(fields) > 1 else None
    except (binascii.Error, UnicodeDecodeError):
        return None
