"""Tells whether a run's notebook still runs, and ends it."""

import os
import signal
import time
from typing import TYPE_CHECKING, Any

from . import folders, processes

if TYPE_CHECKING:
    from collections.abc import Callable

    Tell = Callable[[dict[str, Any]], None]

WRITTEN = 5.0
"""Seconds that the keeper has, after the notebook's end, to write the exit status; the hub waits longer."""


def status(request: "dict[str, Any]", tell: "Tell") -> None:
    """Tell `running`, or `gone` with the exit status (None: unknown) once nothing is left of the run.

    Without its keeper a notebook is ended: nobody reaches it, and its address of the hub may be another
    account's by now, which would be told the token.
    """
    token, base = request["token"], request["base"]
    folder = folders.place(base, token)
    if _same_boot(request) and runs(request["pid"], request["born"]) and _is_kept(folder):
        tell({"event": "running"})
        return
    ended = None if not _same_boot(request) else exit_status(folder)
    left = end(token, base)
    tell({"event": "left", "count": left} if left else {"event": "gone", "status": ended})


def stop(request: "dict[str, Any]", tell: "Tell") -> None:
    """End the notebook, then all that belongs to it; tell `gone` once nothing is left, else `left`."""
    token, base = request["token"], request["base"]
    pid, patience, ended = request["pid"], float(request["patience"]), None
    if _same_boot(request) and runs(pid, request["born"]):
        processes.signalled(signal.SIGTERM, {int(pid)})
        until = time.monotonic() + patience
        while runs(pid, request["born"]) and time.monotonic() < until:
            time.sleep(0.05)
        if not runs(pid, request["born"]):
            ended = exit_status(folders.place(base, token))
    left = end(token, base)
    tell({"event": "left", "count": left} if left else {"event": "gone", "status": ended})


def end(token: str, base: str) -> int:
    """How many processes are left after all that can be done; a folder may be left where none is."""
    try:
        return clear(token, base, 2)
    except folders.Unusable:
        return 0


def clear(token: str, base: str, patience: float) -> int:
    """End every process of the run and remove its folder; returns how many processes are left.

    Raises Unusable where none is, but the folder can't be removed.
    """
    folder = folders.place(base, token)
    run = folders.read(folder, "run.json")
    leaders = set()
    if run.get("boot") == processes.boot():
        pairs = ((run.get("pid"), run.get("born")), (run.get("keeper"), run.get("keeper_born")))
        leaders = {int(str(pid)) for pid, born in pairs if runs(pid, born)}
    left = processes.end(token, leaders, leaders | _in_groups(run), patience)
    if not left:
        folders.remove(folder)
    return len(left)


def exit_status(folder: str) -> "int | None":
    """What the keeper wrote of the notebook's end; None if it ended without, or needs too long."""
    until = time.monotonic() + WRITTEN
    while True:
        # asked before it is read: what the keeper wrote before its own end is there by then
        comes = os.path.isdir(folder) and _is_kept(folder) and time.monotonic() < until
        written = folders.read(folder, "exit.json")
        if written or not comes:
            return int(written["status"]) if written else None
        time.sleep(0.02)


def _is_kept(folder: str) -> bool:
    run = folders.read(folder, "run.json")
    # a home that can't be read now tells nothing
    return "keeper" not in run or runs(run["keeper"], run.get("keeper_born"))


def _same_boot(request: "dict[str, Any]") -> bool:
    return bool(request["boot"] == processes.boot())


def runs(pid: Any, born: Any) -> bool:
    """Whether this process still runs, and no other under its number."""
    return pid is not None and born is not None and processes.born(int(pid)) == born


def _in_groups(run: "dict[str, Any]") -> "set[int]":
    found = set()  # type: set[int]
    for group in list(run.get("groups") or []):
        try:
            with open(os.path.join(group, "cgroup.procs")) as file:
                found.update(int(line) for line in file)
        except OSError:
            pass
    return found
