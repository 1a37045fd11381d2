"""Whose a port of the loopback is, is known before anything is sent to it."""

import os
import socket

import pytest

from multiplespawner.ssh_spawner.on_host import ports


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
