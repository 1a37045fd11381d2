"""A connection stays open for as long as the notebook lives, and no longer."""

import contextlib
import os
import resource
import socket
import time

import pytest

from multiplespawner.ssh_spawner.on_host.alive import Alive
from multiplespawner.ssh_spawner.on_host.relay import ALIVE


def connected(folder) -> socket.socket:
    """A connection that waits for 20 s at most."""
    client = socket.socket(socket.AF_UNIX)
    client.settimeout(20)
    client.connect(str(folder / ALIVE))
    return client


def test_all_are_hung_up_on_at_the_end(tmp_path):
    """Also those that were not taken yet; later ones are refused."""
    alive = Alive(str(tmp_path))
    clients = [connected(tmp_path) for _ in range(5)]
    clients[0].setblocking(False)
    with pytest.raises(BlockingIOError):
        clients[0].recv(1)
    clients[0].settimeout(20)
    alive.end()
    for client in clients:
        with client, contextlib.suppress(ConnectionResetError):
            assert client.recv(1) == b""
    with pytest.raises(ConnectionRefusedError):
        connected(tmp_path)


def test_what_is_sent_is_not_read(tmp_path):
    """It neither ends the connection nor keeps anybody busy."""
    alive = Alive(str(tmp_path))
    with connected(tmp_path) as client:
        client.sendall(b"hello")
        client.settimeout(0.2)
        with pytest.raises(TimeoutError):
            client.recv(1)
        client.settimeout(20)
        alive.end()
        with contextlib.suppress(ConnectionResetError):
            assert client.recv(1) == b""


def test_who_is_gone_is_let_go(tmp_path):
    """Connections come and go for months: none may take up a file for ever."""
    alive = Alive(str(tmp_path))
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(50):
        connected(tmp_path).close()
    until = time.monotonic() + 20
    while len(os.listdir("/proc/self/fd")) > before and time.monotonic() < until:
        time.sleep(0.01)
    assert len(os.listdir("/proc/self/fd")) <= before
    alive.end()


def test_too_many_open_files_keep_nobody_from_hearing_of_the_end(tmp_path):
    """Who can't be taken waits, and hears of it as well."""
    alive = Alive(str(tmp_path))
    with connected(tmp_path) as first, socket.socket(socket.AF_UNIX) as second:
        second.settimeout(20)
        limits = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (3, limits[1]))
        try:
            second.connect(str(tmp_path / ALIVE))
            alive.end()
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, limits)
        for client in (first, second):
            with contextlib.suppress(ConnectionResetError):
                assert client.recv(1) == b""
