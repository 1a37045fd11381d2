"""A notebook is told to be gone only where that is known."""

import errno
import json
import os
import subprocess
import sys
import time
from uuid import uuid4

import pytest

from multiplespawner.ssh_spawner.on_host import asking, processes


def test_one_that_can_not_be_looked_at_is_not_told_to_be_gone(tmp_path, monkeypatch):
    """As where the whole host has too many files open: nothing of it is removed."""
    folder = tmp_path / uuid4().hex
    folder.mkdir()
    (folder / "run.json").write_text(json.dumps({"sockets": str(folder)}))

    def refuse(pid: int) -> list[bytes]:
        raise OSError(errno.ENFILE, os.strerror(errno.ENFILE))

    request = {"token": folder.name, "base": str(tmp_path), "pid": 1, "born": 1, "boot": processes.boot()}
    told: list[dict[str, object]] = []
    monkeypatch.setattr(processes, "stat", refuse)
    with pytest.raises(OSError, match=os.strerror(errno.ENFILE)):
        asking.status(request, told.append)
    assert told == []
    assert (folder / "run.json").exists()


def test_one_whose_number_nobody_has_is_gone():
    """That is an answer, not an error."""
    with subprocess.Popen(["/bin/true"]) as process:
        pass
    assert processes.born(process.pid) is None


def test_one_whose_keeper_has_died_is_ended(tmp_path):
    """Its way to the hub is gone, and the port of it may be anybody's."""
    folder = tmp_path / uuid4().hex
    folder.mkdir()
    with subprocess.Popen(["/bin/true"]) as keeper:
        pass
    with subprocess.Popen(["/bin/sleep", "60"], start_new_session=True) as notebook:
        run = {"pid": notebook.pid, "born": processes.born(notebook.pid), "boot": processes.boot()}
        kept = {"sockets": str(folder), "keeper": keeper.pid, "keeper_born": 1}
        request = {"token": folder.name, "base": str(tmp_path), **run}
        told: list[dict[str, object]] = []
        (folder / "run.json").write_text(json.dumps({**run, "sockets": str(folder)}))
        asking.status(request, told.append)
        (folder / "run.json").write_text(json.dumps({**run, **kept}))
        asking.status(request, told.append)
        assert notebook.wait(10) != 0
    assert [each["event"] for each in told] == ["running", "gone"]
    assert not folder.exists()


WRITES = """
import json, os, sys, time
time.sleep(2)
open(sys.argv[1], "w").write('{"status": 7}')
"""
"""Takes its time, as on a home that is far away."""


def ended_in(folder, keeper: subprocess.Popen[bytes]) -> dict[str, object]:
    """What tells of a notebook that has ended, beside which somebody stays."""
    folder.mkdir()
    with subprocess.Popen(["/bin/true"]) as notebook:
        pass
    run = {"pid": notebook.pid, "born": 1, "boot": processes.boot(), "sockets": str(folder)}
    run |= {"keeper": keeper.pid, "keeper_born": processes.born(keeper.pid)}
    (folder / "run.json").write_text(json.dumps(run))
    return {"token": folder.name, "base": str(folder.parent), **run}


def test_an_exit_status_is_waited_for_while_it_may_come(tmp_path):
    """A busy host or a distant home takes its time: what ended with 7 is not told to have ended well."""
    folder = tmp_path / uuid4().hex
    with subprocess.Popen([sys.executable, "-c", WRITES, str(folder / "exit.json")]) as keeper:
        told: list[dict[str, object]] = []
        asking.status(ended_in(folder, keeper), told.append)
    assert told == [{"event": "gone", "status": 7}]


def test_an_exit_status_that_can_not_come_is_not_waited_for(tmp_path, monkeypatch):
    """Who would write it has ended."""
    monkeypatch.setattr(asking, "WRITTEN", 60.0)
    folder = tmp_path / uuid4().hex
    with subprocess.Popen(["/bin/sleep", "0.2"]) as keeper:
        request = ended_in(folder, keeper)
    told: list[dict[str, object]] = []
    begun = time.monotonic()
    asking.status(request, told.append)
    assert time.monotonic() - begun < asking.WRITTEN / 2
    assert told == [{"event": "gone", "status": None}]
