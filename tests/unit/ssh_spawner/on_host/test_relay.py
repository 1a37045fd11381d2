"""The hub's address on the host leads through the newest connection that there is."""

import contextlib
import os
import socket
import threading

from multiplespawner.ssh_spawner.on_host import ports, relay


def serve(path, answer: bytes, *, early: int = 0) -> socket.socket:
    """A socket in the file system that answers once, and closes; hangs up on those that come too early."""
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(path))
    server.listen()

    def answering() -> None:
        with contextlib.suppress(OSError):
            for _ in range(early):
                server.accept()[0].close()
            with server.accept()[0] as client:
                client.sendall(relay.READY)
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


def test_who_is_hung_up_on_before_the_hub_is_there_tries_again(tmp_path):
    """As by sshd whose client has not heard yet that it listens, or whose hub is down: nothing was sent."""
    with serve(tmp_path / "a.hub", b"new", early=2), ports.listener() as listener:
        relay.serve(listener, str(tmp_path))
        assert ask(listener) == b"new?"


def test_one_that_says_nothing_is_left_for_another(tmp_path, monkeypatch):
    """Its connection was cut, and sshd does not know yet."""
    monkeypatch.setattr(relay, "ANSWER", 0.05)
    with serve(tmp_path / "a.hub", b"old"), socket.socket(socket.AF_UNIX) as silent:
        os.utime(tmp_path / "a.hub", (1, 1))
        silent.bind(str(tmp_path / "b.hub"))
        silent.listen()
        with ports.listener() as listener:
            relay.serve(listener, str(tmp_path))
            assert ask(listener) == b"old?"
        assert (tmp_path / "b.hub").exists()
