"""Processes of this machine that carry the mark of a resource in their environment; every function blocks."""

import os
import re
import time
from pathlib import Path

import psutil
from attrs import field, frozen

from ....application.ports.provider import MARK

_LOOKS = 100
"""At a process that is changing its program, a millisecond apart."""
_KERNEL_THREAD = 0x00200000
"""PF_KTHREAD of Linux; such a thread has no environment either."""


@frozen
class Marked:
    """One process with a mark."""

    pid: int
    parent: int
    ticks: int
    """Start, in clock ticks since the machine was booted: with the pid it names a process for good."""
    token: str
    process: psutil.Process = field(eq=False, repr=False)

    @property
    def id(self) -> str:
        """`<pid>@<ticks>`: another process that gets the pid later has another id."""
        return f"{self.pid}@{self.ticks}"

    def runs(self) -> bool:
        """Whether it still does something; a zombie waits for its parent only."""
        try:
            return self.process.is_running() and self.process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False


@frozen
class Tree:
    """A process whose parent doesn't carry the same mark, and those below it that do."""

    root: Marked
    below: tuple[Marked, ...]

    @property
    def all(self) -> tuple[Marked, ...]:
        """Every process of it, the root first."""
        return (self.root, *self.below)

    def holds(self, pids: frozenset[int]) -> bool:
        """Whether any of these processes belongs to it."""
        return any(marked.pid in pids for marked in self.all)


class NotPermitted(Exception):
    """A process can't be looked into or ended from here."""


@frozen
class Sight:
    """What was seen at one time."""

    trees: tuple[Tree, ...]
    """All marked trees that this user may see, oldest first, without those below."""
    surroundings: tuple[Tree, ...]
    """Those that hold this process or one of its parents: a hub that was started from a notebook of ours
    carries that notebook's mark, as do its parents and its proxy. They are never ended."""

    def of(self, id: str) -> Tree | None:  # noqa: A002 - the port's word
        """The tree whose root has this id; None if there is none.

        Raises NotPermitted if this process lives in it or it may not be looked into.
        """
        if any(tree.root.id == id for tree in self.surroundings):
            raise NotPermitted(f"this hub was started from process {id}")
        found = next((tree for tree in self.trees if tree.root.id == id), None)
        if found is None and _is_hidden(id):
            raise NotPermitted(f"process {id} belongs to another user")
        return found


def look() -> Sight:
    """Look at all processes (five hundred without a mark take about 5 ms)."""
    ours, found = _own_line(), _all_trees()
    return Sight(
        tuple(tree for tree in found if not tree.holds(ours)),
        tuple(tree for tree in found if tree.holds(ours)),
    )


def _own_line() -> frozenset[int]:
    me = psutil.Process()
    return frozenset({me.pid, *(parent.pid for parent in me.parents())})


def _all_trees() -> tuple[Tree, ...]:
    carriers = {marked.pid: marked for pid in psutil.pids() if (marked := _marked(pid))}
    grouped: dict[int, list[Marked]] = {}
    for marked in carriers.values():
        grouped.setdefault(_root(marked, carriers).pid, []).append(marked)
    found = [
        Tree(carriers[pid], tuple(marked for marked in group if marked.pid != pid))
        for pid, group in grouped.items()
    ]
    return tuple(sorted(found, key=lambda tree: (tree.root.ticks, tree.root.pid)))


def _root(marked: Marked, carriers: dict[int, Marked]) -> Marked:
    for _ in carriers:  # bounded: a look at changing processes could see a circle
        parent = carriers.get(marked.parent)
        if parent is None or parent.token != marked.token:
            break
        marked = parent
    return marked


def _marked(pid: int) -> Marked | None:
    try:
        # before psutil, which takes a quarter of a millisecond for each process: most have no mark
        token = _token(_environment(pid))
        return Marked(pid, *_parent_and_ticks(pid), token, psutil.Process(pid)) if token else None
    except (psutil.Error, OSError):  # it vanished, or belongs to another user
        return None


def _token(environment: bytes) -> str:
    found = re.search(rb"(?:^|\0)" + MARK.encode() + rb"=([^\0]*)", environment)
    return os.fsdecode(found[1]) if found else ""


def _environment(pid: int) -> bytes:
    """What was put into it at its start; empty for the dead and for threads of the kernel, too."""
    file = Path(f"/proc/{pid}/environ")
    for _ in range(_LOOKS):
        if found := file.read_bytes():
            return found
        state, flags, begin, end = (_stat(pid)[number - 3] for number in (3, 9, 50, 51))
        if state in b"ZX" or int(flags) & _KERNEL_THREAD or (int(begin) and begin == end):
            break
        # within execve(2) the old environment is gone and the new one not there yet; another may follow
        time.sleep(0.001)
    return b""


def _parent_and_ticks(pid: int) -> tuple[int, int]:
    # psutil's create_time is a date and so changes when the clock is set
    fields = _stat(pid)
    return int(fields[4 - 3]), int(fields[22 - 3])


def _stat(pid: int) -> list[bytes]:
    """Fields of proc(5) stat from the third on: the second is the name, which may hold anything."""
    return Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()


def _is_hidden(id: str) -> bool:  # noqa: A002
    pid, _, ticks = id.partition("@")
    try:
        if not pid.isdecimal() or str(_parent_and_ticks(int(pid))[1]) != ticks:
            return False
        process = psutil.Process(int(pid))
        return process.status() != psutil.STATUS_ZOMBIE and not _is_readable(process)
    except (psutil.Error, OSError):
        return False


def _is_readable(process: psutil.Process) -> bool:
    try:
        process.environ()
    except psutil.AccessDenied:
        # what is just ending has no environment any more, and denies it to its own user too
        return bool(process.uids().real == os.getuid())
    return True
