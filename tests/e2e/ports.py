"""Ports that nobody listens on."""

import contextlib
import random
import socket


def three_free_ports() -> int:
    """The first of three neighbours."""
    # below those that the kernel hands out, so that a hub finds its own free when it is started again
    for port in random.sample(range(21000, 32000, 3), 100):
        with contextlib.ExitStack() as taken, contextlib.suppress(OSError):
            for each in range(port, port + 3):
                taken.enter_context(socket.socket()).bind(("127.0.0.1", each))
            return port
    raise AssertionError("no three free ports")
