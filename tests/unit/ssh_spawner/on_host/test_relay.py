"""The hub's address on the host leads through the newest connection that there is."""

import contextlib
import os
import select
import socket
import threading
import time
import types

import pytest

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


def test_those_that_nobody_serves_are_removed(tmp_path):
    """But not the newest: sshd may be about to listen there. The next older one is taken."""
    with serve(tmp_path / "a.hub", b"old"), ports.listener() as listener:
        for number, name in enumerate(("a.hub", "b.hub", "c.hub"), 1):
            with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as dead:
                dead.bind(str(tmp_path / name))
            os.utime(tmp_path / name, (number, number))
        relay.serve(listener, str(tmp_path))
        assert ask(listener) == b"old?"
        assert {each.name for each in tmp_path.iterdir()} == {"a.hub", "c.hub"}


def test_who_listens_a_moment_later_is_found(tmp_path):
    """sshd makes the socket's name first."""
    with socket.socket(socket.AF_UNIX) as late:
        late.bind(str(tmp_path / "a.hub"))
        assert relay.to_hub(str(tmp_path), 0.1) is None
        late.listen()
        threading.Thread(target=lambda: late.accept()[0].sendall(relay.READY), daemon=True).start()
        found = relay.to_hub(str(tmp_path), 20)
        assert found is not None
        found.close()


def test_silent_ones_do_not_keep_from_one_that_comes(tmp_path, monkeypatch):
    """As after an outage, when sshd has not noticed the loss of many."""
    monkeypatch.setattr(relay, "ANSWER", 0.3)
    with contextlib.ExitStack() as silent:
        for number in range(1, 21):
            one = silent.enter_context(socket.socket(socket.AF_UNIX))
            one.bind(str(tmp_path / f"{number}.hub"))
            one.listen()
            os.utime(tmp_path / f"{number}.hub", (number, number))
        one.settimeout(20)
        listens = threading.Event()

        def serving() -> None:
            one.accept()
            silent.enter_context(serve(tmp_path / "new.hub", b""))
            listens.set()

        threading.Thread(target=serving, daemon=True).start()
        found = relay.to_hub(str(tmp_path), 2)
        assert listens.wait(20)
        assert found is not None
        assert found.getpeername() == str(tmp_path / "new.hub")
        found.close()


def test_no_more_is_waited_than_is_left(tmp_path, monkeypatch):
    """Also where many say nothing."""
    monkeypatch.setattr(relay, "ANSWER", 60)
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(tmp_path / "a.hub"))
        silent.listen()
        begun = time.monotonic()
        assert relay.to_hub(str(tmp_path), 0.1) is None
        assert time.monotonic() - begun < 20


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


class FewThreads:
    """Begins as many threads as it is told; then it raises what Python does where there are too many."""

    def __init__(self, *begin: bool) -> None:
        self.begin = list(begin)

    def __call__(self, **how: object) -> object:
        """In place of threading.Thread."""
        return self if self.begin and not self.begin.pop(0) else threading.Thread(**how)

    def start(self) -> None:
        """Fails."""
        raise RuntimeError("can't start new thread")


@pytest.mark.parametrize("begin", [(True, False), (True, True, False)])
def test_too_many_processes_cost_one_request_only(tmp_path, monkeypatch, begin):
    """Whoever asks next is led to the hub again."""
    monkeypatch.setattr(relay, "threading", types.SimpleNamespace(**vars(threading)))
    monkeypatch.setattr(relay.threading, "Thread", FewThreads(*begin))
    with ports.listener() as listener:
        relay.serve(listener, str(tmp_path))
        with serve(tmp_path / "a.hub", b""), socket.create_connection(listener.getsockname(), 20) as client:
            assert client.recv(1) == b""
        with serve(tmp_path / "b.hub", b"hub"):
            assert ask(listener) == b"hub?"


def led(tmp_path, listener) -> tuple[socket.socket, socket.socket]:
    """Who asks through the relay, and the hub's end of it."""
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "a.hub"))
        server.listen()
        server.settimeout(20)
        client = socket.create_connection(listener.getsockname(), 20)
        hub, _ = server.accept()
    hub.settimeout(20)
    hub.sendall(relay.READY)
    return client, hub


def test_who_is_gone_does_not_wait_for_a_hub_that_says_nothing(tmp_path, monkeypatch):
    """sshd may notice only after hours that the hub's machine is cut off: there is room for some only."""
    monkeypatch.setattr(relay, "QUIET", 0.05)
    with ports.listener() as listener:
        relay.serve(listener, str(tmp_path))
        client, hub = led(tmp_path, listener)
        with hub:
            client.close()
            assert hub.recv(1) == b""
            closed = select.poll()
            closed.register(hub, 0)
            assert closed.poll(20_000) == [(hub.fileno(), select.POLLHUP)]


def test_an_answer_that_flows_is_not_cut(tmp_path, monkeypatch):
    """Nor is one that comes late to whoever may still ask."""
    monkeypatch.setattr(relay, "QUIET", 1.0)
    with ports.listener() as listener:
        relay.serve(listener, str(tmp_path))
        client, hub = led(tmp_path, listener)
        with client, hub:
            client.settimeout(1.5)
            with pytest.raises(TimeoutError):
                client.recv(1)
            client.settimeout(20)
            client.shutdown(socket.SHUT_WR)
            assert hub.recv(1) == b""
            for _ in range(30):
                hub.sendall(b"x")
                assert client.recv(1) == b"x"
                time.sleep(0.05)
            hub.close()
            assert client.recv(1) == b""
