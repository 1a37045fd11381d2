"""Lets the notebook reach the hub at one address for as long as it runs: a port that is never given up.

SSH connections come and go; each brings a socket in the run's folder that leads to the hub. If sshd listened
on the port itself, another account could take it while the connection is down, and be told the token.
"""

import contextlib
import os
import socket
import threading
import time

READY = b"\n"
"""What comes first out of a socket that leads to the hub: only then is anything sent. Before, sshd takes
connections for a client that has not heard yet that it listens, or was cut off, or a hub that is down."""
PATIENCE = 20.0
"""Seconds that a request waits while there is no way to the hub."""
ANSWER = 5.0
"""Seconds until a socket that says nothing is left for another."""
AT_ONCE = 64
"""Connections; more wait."""
SUFFIX = ".hub"
ALIVE = "alive"
"""Name of the socket, beside those, that is open while the notebook lives."""


def serve(listener: socket.socket, folder: str) -> None:
    """Take connections for ever, in threads of their own."""
    threading.Thread(target=_serve, args=(listener, folder), daemon=True).start()


def _serve(listener: socket.socket, folder: str) -> None:
    room = threading.BoundedSemaphore(AT_ONCE)
    while True:
        room.acquire()
        try:
            client, _ = listener.accept()
        except OSError:
            room.release()
            time.sleep(0.1)
            continue
        threading.Thread(target=_relay, args=(client, folder, room), daemon=True).start()


def _relay(client: socket.socket, folder: str, room: threading.BoundedSemaphore) -> None:
    try:
        hub = to_hub(folder, PATIENCE)
        if hub is not None:
            back = threading.Thread(target=_pump, args=(hub, client), daemon=True)
            back.start()
            _pump(client, hub)
            back.join()
            hub.close()
    finally:
        client.close()
        room.release()


def to_hub(folder: str, patience: float) -> "socket.socket | None":
    """A connection to the hub through the newest socket that leads there; None if none does in time."""
    until = time.monotonic() + patience
    while True:
        for path in _newest_first(folder):
            hub = _connected(path)
            if hub is not None:
                return hub
        if time.monotonic() > until:
            return None
        time.sleep(0.2)


def _connected(path: str) -> "socket.socket | None":
    hub = socket.socket(socket.AF_UNIX)
    try:
        hub.settimeout(ANSWER)
        hub.connect(path)
        if hub.recv(1) == READY:
            hub.settimeout(None)
            return hub
    except ConnectionRefusedError:
        # its connection is gone; sshd leaves the file
        _forget(path)
    except OSError:
        pass
    hub.close()
    return None


def _newest_first(folder: str) -> "list[str]":
    found = []
    for name in _names(folder):
        try:
            if name.endswith(SUFFIX):
                path = os.path.join(folder, name)
                found.append((os.stat(path).st_mtime, path))
        except OSError:
            pass
    return [path for _, path in sorted(found, reverse=True)]


def _names(folder: str) -> "list[str]":
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _forget(path: str) -> None:
    with contextlib.suppress(OSError):
        os.unlink(path)


def _pump(source: socket.socket, target: socket.socket) -> None:
    try:
        while True:
            data = source.recv(65536)
            if not data:
                break
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        # one side is gone: wake whoever waits for the other
        for each in (source, target):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
