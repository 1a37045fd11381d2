"""What may stand in the settings of hosts: each function says what is wrong, or nothing."""

import re
from collections.abc import Collection, Iterator, Mapping
from ipaddress import ip_address

from ...ssh import SshFailed, fingerprint

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)
ACCOUNT = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,31}", re.ASCII)
"""As useradd(8) of Debian and EL has it, a little wider."""
HOST_NAME = re.compile(
    r"(?=.{1,253}$)[A-Za-z0-9_]([A-Za-z0-9_-]{0,62})(\.[A-Za-z0-9_][A-Za-z0-9_-]{0,62})*\.?"
)
CHECKING = ("yes", "accept-new")


def name_flaw(name: str) -> str:
    """Of a machine's name."""
    if NAME.fullmatch(name):
        return ""
    return f"name: 1 to 64 letters, digits, `.`, `_` and `-`, the first a letter or digit, not {name!r:.70}"


def account_flaw(user: str) -> str:
    """Of a unix account."""
    return "" if ACCOUNT.fullmatch(user) else f"user: name of a unix account, not {user!r:.70}"


def address_flaw(address: str) -> str:
    """Of what a machine is reached at."""
    if _is_number(address) or (HOST_NAME.fullmatch(address) and not re.fullmatch(r"[0-9.]+", address)):
        return ""
    return f"address: an IPv4 or IPv6 address or a host name, without port or user, not {address!r:.70}"


def port_flaw(port: int) -> str:
    """Of a TCP port."""
    return "" if 1 <= port <= 65535 else f"port: a whole number from 1 to 65535, not {port}"


def key_flaws(lines: Collection[str], key: str) -> Iterator[str]:
    """Of lines of public keys."""
    expected = "an OpenSSH public key on one line, such as `ssh-ed25519 AAAA…`"
    for number, line in enumerate(lines, 1):
        place = f"{key}, line {number}" if len(lines) > 1 else key
        if "PRIVATE KEY" in line:
            # what follows would tell it
            yield f"{place}: {expected}, and this is a private one: take what is in the .pub file"
            return
        if line.startswith("@") or not _is_key(line):
            yield f"{place}: {expected}, whole and with nothing before it"


def checking_flaw(said: str) -> str:
    """Of how host keys are verified."""
    if said in CHECKING:
        return ""
    return (
        f"strict_host_key_checking: {' or '.join(CHECKING)}, not {said!r:.20}; it is always "
        "verified, at first use it can be taken on trust and recorded"
    )


def label_flaws(labels: Mapping[str, str]) -> Iterator[str]:
    """Of labels, which stand in tables and requests."""
    for name, value in labels.items():
        if not NAME.fullmatch(name):
            yield f"labels: names of letters, digits, `.`, `_` and `-`, not {name!r:.70}"
        if len(value) > 255 or not value.isprintable():
            yield f"labels.{name:.64}: at most 255 characters on one line"


def _is_number(address: str) -> bool:
    number, mark, zone = address.partition("%")
    if mark and not NAME.fullmatch(zone):
        return False
    try:
        return bool(ip_address(number))
    except ValueError:
        return False


def _is_key(line: str) -> bool:
    try:
        return bool(fingerprint(line))
    except SshFailed:
        return False
