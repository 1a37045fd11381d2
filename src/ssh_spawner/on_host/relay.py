"""Lets the notebook reach the hub at one address for as long as it runs: a port that is never given up.

SSH connections come and go; each brings a socket in the run's folder that leads to the hub. If sshd listened
on the port itself, another account could take it while the connection is down, and be told the token.
"""

import contextlib
import os
import select
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
QUIET = 60.0
"""Seconds of silence after which the hub is given up once who asked has ended its side, as by going away:
sshd may notice only after hours that the connection was cut."""
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
        client = None
        try:
            client, _ = listener.accept()
            threading.Thread(target=_relay, args=(client, folder, room), daemon=True).start()
        except (OSError, RuntimeError):
            # too many open files or processes; there may be room later
            if client is not None:
                client.close()
            room.release()
            time.sleep(0.1)


def _relay(client: socket.socket, folder: str, room: threading.BoundedSemaphore) -> None:
    try:
        with client:
            hub = to_hub(folder, PATIENCE)
            if hub is not None:
                with hub:
                    _both_ways(client, hub)
    finally:
        room.release()


def _both_ways(client: socket.socket, hub: socket.socket) -> None:
    ended = threading.Event()
    back = threading.Thread(target=_pump, args=(hub, client, ended), daemon=True)
    try:
        back.start()
    except RuntimeError:
        # too many processes: who asks sees that nobody answers
        return
    _pump(client, hub)
    ended.set()
    back.join()


def to_hub(folder: str, patience: float) -> "socket.socket | None":
    """A connection to the hub through the newest socket that leads there; None if none does in time."""
    until = time.monotonic() + patience
    tried = set()  # type: set[str]
    while True:
        left = until - time.monotonic()
        if left <= 0:
            return None
        # looked up each time: the one that leads there may have come meanwhile
        paths = _newest_first(folder)
        path = next((each for each in paths if each not in tried), None)
        if path is None:
            tried.clear()
            time.sleep(0.2)
            continue
        tried.add(path)
        hub = _connected(path, min(ANSWER, left), newest=path == paths[0])
        if hub is not None:
            return hub


def _connected(path: str, seconds: float, newest: bool) -> "socket.socket | None":
    hub = socket.socket(socket.AF_UNIX)
    try:
        hub.settimeout(seconds)
        hub.connect(path)
        if hub.recv(1) == READY:
            hub.settimeout(None)
            return hub
    except ConnectionRefusedError:
        # its connection is gone, and sshd leaves the file; but at the newest, sshd may be about to listen
        if not newest:
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


def _pump(source: socket.socket, target: socket.socket, ended: "threading.Event | None" = None) -> None:
    try:
        while True:
            if ended is not None:
                _wait(source, ended)
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


def _wait(source: socket.socket, ended: threading.Event) -> None:
    """Until it says something; raises OSError after too much silence once `ended` is set."""
    poll = select.poll()
    poll.register(source, select.POLLIN)
    while not poll.poll(QUIET * 1000):
        if ended.is_set():
            raise OSError("it says nothing any more")
