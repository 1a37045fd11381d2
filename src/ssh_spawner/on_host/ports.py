"""Ports of this host's loopback: free ones, and whose they are."""

import errno
import os
import socket
from typing import TYPE_CHECKING

from . import folders

if TYPE_CHECKING:
    from contextlib import ExitStack

TABLES = ("/proc/net/tcp", "/proc/net/tcp6")
LISTENS = "0A"
LOOPBACK = ("0100007F", "00000000")
BESIDE = "127.0.0.2"
"""Where a start has its notebook's port to itself, among the starts of all accounts: the notebook can listen
on 127.0.0.1 at the same number meanwhile, and needs no option for it."""
TRIES = 100
NONE = "other starts have all that were tried"


def listener() -> socket.socket:
    """A socket that listens on a port of 127.0.0.1 that no start has for its notebook. Raises as `hold`."""
    for _ in range(TRIES):
        opened = socket.socket()
        opened.bind(("127.0.0.1", 0))
        opened.listen(128)
        with socket.socket() as beside:
            if _holds(beside, opened.getsockname()[1]):
                return opened
        opened.close()
    raise folders.Unusable("port_taken", NONE)


def free() -> int:
    """A port of 127.0.0.1 that nobody has now."""
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return int(opened.getsockname()[1])


def hold(wanted: int, ended: "ExitStack") -> int:
    """A port of 127.0.0.1 (0: any that is free) that no other start is given until `ended`.

    Raises Unusable where somebody listens there, or is about to; OSError.
    """
    for _ in range(1 if wanted else TRIES):
        port = wanted or free()
        # in this order: what another start has let go of, its notebook listens on by now
        if _holds(ended.enter_context(socket.socket()), port) and state(port) == "nobody":
            return port
    why = f"port {wanted}, which is set for it, is in use" if wanted else NONE
    raise folders.Unusable("port_taken", why)


def _holds(beside: socket.socket, port: int) -> bool:
    try:
        beside.bind((BESIDE, port))
    except OSError as error:
        # any other error, such as no such address, must not keep a notebook from its port
        return error.errno != errno.EADDRINUSE
    # only now, or two starts could have it: for notebooks that listen on all addresses
    beside.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    return True


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
