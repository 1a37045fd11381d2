"""A start that the host can't make ends with the reason, in the system's words."""

import errno
import json
import os
import socket
import sys
from uuid import uuid4

from multiplespawner.ssh_spawner.on_host import asking, launching, ports


def request_in(folder, **more: object) -> dict[str, object]:
    """A request for a notebook that ends at once."""
    asked = {"token": uuid4().hex, "base": str(folder), "command": ["/bin/true"], "path": "/usr/bin:/bin"}
    asked |= {"environment": {}, "addresses": {}, "files": {}, "memory": None, "cpus": None, "port": 0}
    return asked | {"limit": 20} | more


def told_of(request: dict[str, object]) -> list[dict[str, object]]:
    """What is told of the start, by a hub that says nothing."""
    told: list[dict[str, object]] = []
    umask = os.umask(0o022)
    try:
        launching.launch(request, told.append, lambda seconds: None)
    finally:
        os.umask(umask)
    return told


def refusing(number: int):
    """What the system says in place of doing it."""

    def refuse(*_: object, **__: object) -> object:
        raise OSError(number, os.strerror(number))

    return refuse


def test_a_full_home_is_told(tmp_path, monkeypatch):
    """The folder can be made there, but no file in it."""
    monkeypatch.setattr(os, "rename", refusing(errno.EDQUOT))
    failed, undone = told_of(request_in(tmp_path, files={"A": ("a", "text")}))
    assert (failed["event"], failed["code"]) == ("failed", "folder_unusable")
    assert os.strerror(errno.EDQUOT) in str(failed["why"])
    assert undone == {"event": "undone", "left": 0}
    assert list(tmp_path.iterdir()) == []


def test_too_many_processes_are_told(tmp_path, monkeypatch):
    """The folder is removed again."""
    monkeypatch.setattr(os, "fork", refusing(errno.EAGAIN))
    *_, failed, undone = told_of(request_in(tmp_path))
    assert (failed["event"], failed["code"]) == ("failed", "command_failed")
    assert os.strerror(errno.EAGAIN) in str(failed["why"])
    assert undone == {"event": "undone", "left": 0}
    assert list(tmp_path.iterdir()) == []


def test_what_an_earlier_start_left_and_can_not_be_removed_is_told(tmp_path, monkeypatch):
    """As where the home can only be read by now; that nothing runs is told all the same."""
    request = request_in(tmp_path)
    (tmp_path / str(request["token"])).mkdir()
    monkeypatch.setattr(os, "rmdir", refusing(errno.EROFS))
    failed, undone = told_of(request)
    assert (failed["event"], failed["code"]) == ("failed", "folder_unusable")
    assert os.strerror(errno.EROFS) in str(failed["why"])
    assert undone == {"event": "undone", "left": 0}
    told: list[dict[str, object]] = []
    asking.stop({**request, "pid": None, "born": None, "boot": "", "patience": 0}, told.append)
    assert told == [{"event": "gone", "status": None}]


def test_an_earlier_notebook_that_can_not_be_ended_is_told(tmp_path, monkeypatch):
    """As one that waits for a disk that does not answer."""
    monkeypatch.setattr(asking, "clear", lambda *_: 3)
    failed, _ = told_of(request_in(tmp_path))
    assert failed == {"event": "failed", "code": "still_running", "why": "3"}


def test_a_missing_program_leaves_nothing_elsewhere(tmp_path, monkeypatch):
    """Not even the folder for sockets, which lies apart where the name is long."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    failed, _ = told_of(request_in(tmp_path / ("x" * 90), command=["/nowhere"]))
    assert failed["code"] == "command_missing"
    assert [each.name for each in tmp_path.iterdir()] == ["x" * 90]


def test_a_notebook_that_ends_at_once_is_told(tmp_path):
    """With its status."""
    told = told_of(request_in(tmp_path))
    assert [each["event"] for each in told] == ["limits", "started", "ended", "undone"]
    assert told[2]["status"] == 0
    assert json.dumps(told)


def test_a_port_that_is_set_and_taken_is_told_before_anything_is_started(tmp_path):
    """Who listens there already is none of this start's, though of the same account."""
    with ports.listener() as other:
        told = told_of(request_in(tmp_path, command=["/bin/sleep", "60"], port=other.getsockname()[1]))
    assert [each["event"] for each in told] == ["failed", "undone"]
    assert told[0]["code"] == "port_taken"
    assert list(tmp_path.iterdir()) == []


LISTENS = """
import os, socket, sys, time
server = socket.socket()
server.bind(("127.0.0.1", int(sys.argv[1])))
while not os.path.exists(sys.argv[2]):
    time.sleep(0.02)
server.listen()
time.sleep(60)
"""
"""Has a port at once, and listens once a file is there; asks the system for nothing more."""


def test_a_port_is_kept_from_other_starts_until_its_own_has_ended(tmp_path):
    """By neither the notebook nor who stays beside it: only by who starts it."""
    told_to_listen = tmp_path / "listen"
    port = ports.free()
    command = [sys.executable, "-c", LISTENS, str(port), str(told_to_listen)]
    request = request_in(tmp_path / "runs", command=command, port=port)
    told: list[dict[str, object]] = []
    others: list[list[dict[str, object]]] = []

    def hear(seconds: float) -> str | None:
        if told[-1]["event"] == "listening":
            return "keep"
        if not others:
            others.append(told_of(request_in(tmp_path / "runs", port=port)))
            told_to_listen.touch()
        return None

    umask = os.umask(0o022)
    try:
        launching.launch(request, told.append, hear)
    finally:
        os.umask(umask)
    run = next(each for each in told if each["event"] == "started")
    try:
        assert [each["event"] for each in told] == ["limits", "started", "listening", "kept"]
        assert [each.get("code") for each in others[0]] == ["port_taken", None]
        with socket.socket() as beside:
            beside.bind((ports.BESIDE, port))
    finally:
        asking.stop({**request, **run, "patience": 0}, told.append)
