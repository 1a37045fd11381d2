"""Ports of this host's loopback: free ones, and whose they are."""

import os
import socket

TABLES = ("/proc/net/tcp", "/proc/net/tcp6")
LISTENS = "0A"
LOOPBACK = ("0100007F", "00000000")


def listener() -> socket.socket:
    """A socket that listens on a free port of 127.0.0.1."""
    opened = socket.socket()
    opened.bind(("127.0.0.1", 0))
    opened.listen(128)
    return opened


def free() -> int:
    """A port of 127.0.0.1 that nobody has now."""
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return int(opened.getsockname()[1])


def state(port: int) -> str:
    """Who listens on 127.0.0.1 at the port: `ours` (this account), `foreign`, or `nobody`. Raises OSError."""
    owners = _owners(port)
    if owners is None:
        return "ours" if _answers(port) else "nobody"
    if not owners:
        return "nobody"
    return "ours" if owners == {os.getuid()} else "foreign"


def _owners(port: int) -> "set[int] | None":
    """User ids of those who listen; None where this host doesn't tell."""
    found, told = set(), False
    for table in TABLES:
        try:
            with open(table) as file:
                lines = file.read().splitlines()[1:]
        except (FileNotFoundError, PermissionError):
            # any other error, such as too many open files, is no reason to believe whoever answers
            continue
        told = True
        for line in lines:
            fields = line.split()
            address, _, number = fields[1].rpartition(":")
            # the last 32 bits in this machine's order of bytes; zeros are all addresses
            if fields[3] == LISTENS and int(number, 16) == port and address[-8:] in LOOPBACK:
                found.add(int(fields[7]))
    return found if told else None


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True
