"""Who stays beside a notebook leaves nothing where nobody looks for it."""

import json
import os
import signal
import socket
import subprocess
import sys

import pytest

from multiplespawner.ssh_spawner.on_host.relay import ALIVE

KEEP = """
import json, socket, sys
from multiplespawner.ssh_spawner.on_host import keeping, limits
hub = socket.socket()
hub.bind(("127.0.0.1", 0))
hub.listen()
keeping.keep(json.loads(sys.argv[1]), hub, limits.Limits(None, None, "x"), int(sys.argv[2]))
"""


@pytest.fixture
def keeper(tmp_path):
    """Starts one whose sockets lie apart from its folder; tells of its start."""
    folder, sockets = tmp_path / "run", tmp_path / "sockets"
    folder.mkdir()
    sockets.mkdir()
    begun = []

    def start(*command: str) -> tuple[subprocess.Popen[bytes], dict[str, object]]:
        plan = {"folder": str(folder), "sockets": str(sockets), "umask": 0o022, "note": "", "port": 1}
        plan |= {"hub_port": 2, "command": list(command), "environment": {}}
        reports, reporting = os.pipe()
        arguments = [sys.executable, "-c", KEEP, json.dumps(plan), str(reporting)]
        begun.append(subprocess.Popen(arguments, pass_fds=[reporting]))
        os.close(reporting)
        with os.fdopen(reports) as told:
            return begun[-1], json.loads(told.readline())

    yield start
    for process in begun:
        process.kill()
        process.wait()


def test_sockets_that_lie_apart_go_with_the_notebook(keeper, tmp_path):
    """How it ended is kept for who asks."""
    process, _ = keeper("/bin/sh", "-c", "exit 3")
    assert process.wait(20) == 0
    assert json.loads((tmp_path / "run" / "exit.json").read_text()) == {"status": 3}
    assert not (tmp_path / "sockets").exists()


def test_who_is_told_to_end_takes_them_along(keeper, tmp_path):
    """Whoever ends all processes of a run knows nothing of them."""
    process, told = keeper("/bin/sleep", "60")
    try:
        assert told["keeper"] == process.pid
        process.terminate()
        assert process.wait(20) == 128 + signal.SIGTERM
    finally:
        os.kill(told["pid"], signal.SIGKILL)
    assert not (tmp_path / "sockets").exists()
    assert (tmp_path / "run").is_dir()


def connected(tmp_path) -> socket.socket:
    """To the socket that is open while the notebook lives."""
    client = socket.socket(socket.AF_UNIX)
    client.settimeout(20)
    client.connect(str(tmp_path / "sockets" / ALIVE))
    return client


def is_hung_up_on(client: socket.socket) -> bool:
    """Waits for it; who was not taken yet sees a reset."""
    try:
        return client.recv(1) == b""
    except ConnectionResetError:
        return True


def test_the_end_is_told_before_anything_is_written(keeper, tmp_path):
    """As on a home that does not answer: the port is free for others at once."""
    process, told = keeper("/bin/sleep", "60")
    os.mkfifo(tmp_path / "run" / "exit.json.new")
    with connected(tmp_path) as client:
        os.kill(told["pid"], signal.SIGKILL)
        assert is_hung_up_on(client)
    assert process.poll() is None
    with pytest.raises(ConnectionRefusedError):
        connected(tmp_path)


def test_the_end_of_the_keeper_is_told_as_well(keeper, tmp_path):
    """Nobody would tell of the notebook's from then on."""
    process, told = keeper("/bin/sleep", "60")
    try:
        with connected(tmp_path) as client:
            process.kill()
            assert is_hung_up_on(client)
    finally:
        os.kill(told["pid"], signal.SIGKILL)
