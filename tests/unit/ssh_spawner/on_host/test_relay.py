"""The hub's address on the host leads through the newest connection that there is."""

import contextlib
import os
import socket
import threading

from multiplespawner.ssh_spawner.on_host import ports, relay


def serve(path, answer: bytes) -> socket.socket:
    """A socket in the file system that answers once, and closes."""
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(path))
    server.listen()

    def answering() -> None:
        with contextlib.suppress(OSError), server.accept()[0] as client:
            client.sendall(answer + client.recv(100))

    threading.Thread(target=answering, daemon=True).start()
    return server


def ask(listener: socket.socket) -> bytes:
    """What comes back through the relay."""
    with socket.create_connection(listener.getsockname(), 10) as client:
        client.sendall(b"?")
        return client.recv(100)


def test_the_newest_is_taken(tmp_path):
    """An older one may be that of a lost connection."""
    with serve(tmp_path / "a.hub", b"old"), serve(tmp_path / "b.hub", b"new"), ports.listener() as listener:
        os.utime(tmp_path / "a.hub", (1, 1))
        relay.serve(listener, str(tmp_path))
        assert ask(listener) == b"new?"


def test_one_that_nobody_serves_is_removed(tmp_path):
    """The next older one is taken."""
    with serve(tmp_path / "a.hub", b"old"), ports.listener() as listener:
        os.utime(tmp_path / "a.hub", (1, 1))
        dead = socket.socket(socket.AF_UNIX)
        dead.bind(str(tmp_path / "b.hub"))
        dead.close()
        relay.serve(listener, str(tmp_path))
        assert ask(listener) == b"old?"
        assert not (tmp_path / "b.hub").exists()


def test_none_is_waited_for(tmp_path):
    """It may come within the patience."""
    assert relay.to_hub(str(tmp_path), 0) is None
    assert relay.to_hub(str(tmp_path / "missing"), 0) is None
    threading.Timer(0.1, lambda: keep.append(serve(tmp_path / "a.hub", b""))).start()
    keep: list[socket.socket] = []
    found = relay.to_hub(str(tmp_path), 10)
    assert found is not None
    found.close()
    keep[0].close()
