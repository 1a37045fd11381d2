"""Whose a port of the loopback is, is known before anything is sent to it."""

import errno
import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from multiplespawner.ssh_spawner.on_host import ports
from multiplespawner.ssh_spawner.on_host.folders import Unusable


@pytest.fixture
def ended() -> Iterator[ExitStack]:
    """What ends with a start."""
    with ExitStack() as stack:
        yield stack


def test_ours_is_told_from_nobodys():
    """While it listens, and not before."""
    port = ports.free()
    assert ports.state(port) == "nobody"
    with socket.create_server(("127.0.0.1", port)):
        assert ports.state(port) == "ours"


def test_another_accounts_is_foreign(monkeypatch):
    """By the user id that the kernel tells."""
    with ports.listener() as listener:
        monkeypatch.setattr(os, "getuid", lambda: 4242)
        assert ports.state(listener.getsockname()[1]) == "foreign"


def test_where_the_kernel_tells_nothing_it_is_tried(monkeypatch):
    """As in some containers."""
    monkeypatch.setattr(ports, "TABLES", ())
    with ports.listener() as listener:
        port = listener.getsockname()[1]
        assert ports.state(port) == "ours"
    assert ports.state(port) == "nobody"


def test_who_can_not_be_looked_up_is_not_believed(tmp_path, monkeypatch):
    """As where too many files are open: that is another thing than a host that never tells."""
    monkeypatch.setattr(ports, "TABLES", (str(tmp_path),))
    with ports.listener() as listener, pytest.raises(IsADirectoryError):
        ports.state(listener.getsockname()[1])


def test_a_port_is_given_to_one_start_at_a_time(ended, monkeypatch):
    """Long before its notebook listens; the next one gets another."""
    first = ports.hold(0, ended)
    free = iter([first, first, ports.free()])
    monkeypatch.setattr(ports, "free", lambda: next(free))
    with ExitStack() as later:
        assert ports.hold(0, later) != first
    with pytest.raises(Unusable) as caught, ExitStack() as later:
        ports.hold(first, later)
    assert caught.value.code == "port_taken"
    ended.close()
    with ExitStack() as later:
        assert ports.hold(first, later) == first


@pytest.mark.parametrize(("address", "reuse"), [("127.0.0.1", False), ("127.0.0.1", True), ("", True)])
def test_a_notebook_can_have_a_port_that_is_held(ended, address, reuse):
    """Without any option where it is told to listen; on all addresses as servers do."""
    port = ports.hold(0, ended)
    with socket.socket() as notebook:
        notebook.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, reuse)
        notebook.bind((address, port))
        notebook.listen()
        assert ports.state(port) == "ours"


def test_a_port_on_which_somebody_listens_is_taken(ended):
    """Until nobody does, whatever is left of the connections."""
    with ports.listener() as listener:
        port = listener.getsockname()[1]
        client = socket.create_connection(("127.0.0.1", port))
        server, _ = listener.accept()
        with pytest.raises(Unusable) as caught, ExitStack() as later:
            ports.hold(port, later)
        assert (caught.value.code, str(port) in caught.value.why) == ("port_taken", True)
    server.close()
    client.close()
    assert ports.hold(port, ended) == port


def test_without_an_address_beside_a_port_is_given_all_the_same(ended, monkeypatch):
    """As where the loopback has one address only."""
    monkeypatch.setattr(ports, "BESIDE", "192.0.2.1")
    assert ports.hold(0, ended)
    with ports.listener() as listener, pytest.raises(Unusable):
        ports.hold(listener.getsockname()[1], ended)


def test_the_way_to_the_hub_has_no_port_of_a_notebook(ended, monkeypatch):
    """Though that does not listen yet: whatever the system gives, none that is held is taken."""
    seen: list[int] = []
    holds = ports._holds

    def first_held(beside: socket.socket, port: int) -> bool:
        if not seen:
            ended.enter_context(socket.socket()).bind((ports.BESIDE, port))
        seen.append(port)
        return holds(beside, port)

    monkeypatch.setattr(ports, "_holds", first_held)
    with ports.listener() as listener:
        assert listener.getsockname()[1] == seen[-1] != seen[0]


def test_where_none_can_be_had_that_is_told(ended, monkeypatch):
    """Not searched for without an end."""
    first = ports.hold(0, ended)
    monkeypatch.setattr(ports, "free", lambda: first)
    with pytest.raises(Unusable) as caught, ExitStack() as later:
        ports.hold(0, later)
    assert caught.value.code == "port_taken"
    monkeypatch.setattr(ports, "_holds", lambda beside, port: False)
    with pytest.raises(Unusable):
        ports.listener()


def test_too_many_open_files_are_not_taken_for_a_port_that_is_taken(ended, monkeypatch):
    """They are told as what they are."""

    def refuse() -> socket.socket:
        raise OSError(errno.ENFILE, os.strerror(errno.ENFILE))

    monkeypatch.setattr(socket, "socket", refuse)
    with pytest.raises(OSError, match=os.strerror(errno.ENFILE)):
        ports.hold(8888, ended)
