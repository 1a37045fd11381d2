"""Program that runs one command so that all that came of it ends with it; its orders are a file of JSON.

It adopts whatever loses its parent (PR_SET_CHILD_SUBREAPER), also what left the process group, such as
OpenSSH's masters and what has a terminal of its own. It ends the command when told to (SIGTERM), at the time
limit, and when its input ends, which says that the hub's process is gone; then it removes the folders of the
run, too.
"""

import contextlib
import ctypes
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

TIMED_OUT = 124
"""Status of a command that took too long, as of coreutils' `timeout`."""
STOPPED = 143
"""Status of a command that was told to end."""
STUCK = 70
"""Status where a process could not be killed."""
NO_PROGRAM = 127
"""Status where a command could not be begun."""

_SET_CHILD_SUBREAPER = 36
_PATIENCE = 2.0
"""Seconds that processes have to end by themselves."""
_FAREWELL = 15.0
"""Seconds for what is to be done elsewhere; who calls a run off waits for 30 in all."""
_KILLING = 10.0
"""Seconds that the kernel has to end what was killed."""


class Told(Exception):
    """It is to end now, with this status."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def main(orders: dict[str, Any]) -> int:
    """Run the command and leave nothing of it; returns its status, or why it was ended."""
    ctypes.CDLL(None, use_errno=True).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    signal.signal(signal.SIGTERM, _told)
    signal.signal(signal.SIGALRM, _told)
    begun, orphaned = time.time(), threading.Event()
    threading.Thread(target=_watch_parent, args=(orphaned,), daemon=True).start()
    try:
        signal.setitimer(signal.ITIMER_REAL, orders["seconds"])
        status = 0
        for command in (orders.get("opening"), orders["command"]):
            if command and status == 0:
                status = _run(command)
        _ignore_signals()
    except Told as told:
        status = told.status
        _ignore_signals()
        _say_farewell(orders.get("farewell"), begun)
    if not _end_all():
        status = STUCK
    if orphaned.is_set():
        for folder in orders["remove"]:
            shutil.rmtree(folder, ignore_errors=True)
    return status


def _watch_parent(orphaned: threading.Event) -> None:
    while os.read(0, 1024):
        pass
    orphaned.set()
    os.kill(os.getpid(), signal.SIGTERM)


def _told(number: int, _frame: FrameType | None) -> NoReturn:
    raise Told(TIMED_OUT if number == signal.SIGALRM else STOPPED)


def _ignore_signals() -> None:
    signal.setitimer(signal.ITIMER_REAL, 0)
    for number in (signal.SIGTERM, signal.SIGALRM):
        signal.signal(number, signal.SIG_IGN)


def _run(command: list[str]) -> int:
    try:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    except OSError as error:
        print(f"{command[0]}: {error.strerror}", file=sys.stderr)
        return NO_PROGRAM
    while True:
        ended, status = os.waitpid(-1, 0)
        if ended == process.pid:
            # it was waited for: subprocess must not do so, too
            process.returncode = os.waitstatus_to_exitcode(status) & 0xFF
            return process.returncode


def _say_farewell(farewell: list[str] | None, begun: float) -> None:
    """Stop all but the way to the resource, then what runs there; it is told since when and what ran here."""
    if farewell is None:
        return
    ran = [str(number) for number in (begun, *_living())]
    _end_all(but="[mux]", seconds=0)
    with subprocess.Popen([*farewell, *ran], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as saying:
        try:
            saying.wait(_FAREWELL)
        except subprocess.TimeoutExpired:
            saying.kill()


def _end_all(but: str | None = None, seconds: float = _PATIENCE) -> bool:
    begun = time.monotonic()
    while victims := _descendants() if but is None else [pid for pid in _living() if but not in _words(pid)]:
        late = time.monotonic() - begun
        if late > seconds + _KILLING:
            return False
        for pid in victims:
            _signal(pid, signal.SIGTERM if late < seconds else signal.SIGKILL)
        time.sleep(0.02)
        _reap()
    return True


def _signal(pid: int, number: int) -> None:
    with contextlib.suppress(OSError):
        os.kill(pid, number)


def _reap() -> None:
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _descendants(dead: bool = True) -> list[int]:
    """All below us, with those that nobody has taken leave of yet."""
    _reap()
    parents = {}
    for name in os.listdir("/proc"):
        if name.isdigit() and (stat := _read(f"/proc/{name}/stat")):
            state, parent = stat.rpartition(")")[2].split()[:2]
            if dead or state not in "ZX":
                parents[int(name)] = int(parent)
    found = [os.getpid()]
    for ancestor in found:
        found.extend(pid for pid, parent in parents.items() if parent == ancestor)
    return found[1:]


def _living() -> list[int]:
    return _descendants(dead=False)


def _words(pid: int) -> str:
    return _read(f"/proc/{pid}/cmdline")


def _read(path: str) -> str:
    try:
        return Path(path).read_text(errors="replace")
    except OSError:
        return ""


if __name__ == "__main__":
    sys.exit(main(json.loads(Path(sys.argv[1]).read_text())))
