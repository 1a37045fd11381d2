"""Who stays beside a notebook leaves nothing where nobody looks for it."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time

import pytest

from multiplespawner.ssh_spawner.on_host.relay import ALIVE

KEEP = """
import json, socket, sys
from multiplespawner.ssh_spawner.on_host import keeping, limits
hub = socket.socket()
hub.bind(("127.0.0.1", 0))
hub.listen()
keeping.LOOK, keeping.LOG_BYTES = 0.01, 100
keeping.keep(json.loads(sys.argv[1]), hub, limits.Limits(None, None, "x"), int(sys.argv[2]))
"""


@pytest.fixture
def keeper(tmp_path):
    """Starts one whose sockets lie apart from its folder; tells of its start."""
    folder, sockets = tmp_path / "run", tmp_path / "sockets"
    folder.mkdir(exist_ok=True)
    sockets.mkdir(exist_ok=True)
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


@pytest.mark.parametrize("name", ["run/run.json.new", "run/notebook.log", f"sockets/{ALIVE}"])
def test_files_that_can_not_be_made_are_told(keeper, tmp_path, name):
    """As in a home that is full: which one, in the system's words."""
    for folder in ("run", "sockets"):
        (tmp_path / folder).mkdir(exist_ok=True)
    (tmp_path / name).mkdir()
    process, told = keeper("/bin/sleep", "0")
    assert (told["event"], told["code"]) == ("failed", "folder_unusable")
    assert str(told["why"]).startswith(f"{(tmp_path / name).parent}")
    assert process.wait(20) == 0


def test_a_program_that_can_not_be_run_is_told(keeper):
    """That is no matter of the folder."""
    process, told = keeper("/dev/null")
    assert (told["event"], told["code"]) == ("failed", "command_failed")
    assert process.wait(20) == 0


def test_a_log_that_can_not_be_emptied_ends_nothing(keeper, tmp_path):
    """As on a disk that fails for a while; later it is."""
    log = tmp_path / "run" / "notebook.log"
    process, told = keeper("/bin/sleep", "60")
    try:
        log.unlink()
        log.mkdir()
        for number in range(300):
            (log / f"so that its size is above the limit {number}").touch()
        with connected(tmp_path) as client:
            client.settimeout(0.3)
            with pytest.raises(TimeoutError):
                client.recv(1)
        shutil.rmtree(log)
        log.write_bytes(b"x" * 1000)
        until = time.monotonic() + 20
        while log.stat().st_size and time.monotonic() < until:
            time.sleep(0.01)
        assert log.stat().st_size == 0
        assert process.poll() is None
    finally:
        os.kill(told["pid"], signal.SIGKILL)


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
