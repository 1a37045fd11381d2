"""Ports that nobody listens on."""

import contextlib
import random
import socket
import threading

_choosing = threading.Lock()
_given = set[int]()


def three_free_ports() -> int:
    """The first of three neighbours, which this process is given only once."""
    with _choosing:
        first = _three_free_ports()
        _given.add(first)
    return first


def _three_free_ports() -> int:
    # below those that the kernel hands out, so that a hub finds its own free when it is started again
    for port in random.sample(sorted({*range(21000, 32000, 3)} - _given), 100):
        with contextlib.ExitStack() as taken, contextlib.suppress(OSError):
            for each in range(port, port + 3):
                taken.enter_context(socket.socket()).bind(("127.0.0.1", each))
            return port
    raise AssertionError("no three free ports")
