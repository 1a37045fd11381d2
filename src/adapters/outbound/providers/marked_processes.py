"""Processes of this machine that carry the mark of a resource in their environment; every function blocks."""

from pathlib import Path

import psutil
from attrs import field, frozen

from ....application.ports.provider import MARK


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
    """Look at all processes (five hundred take about 0.04 s)."""
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
        process = psutil.Process(pid)
        token = process.environ().get(MARK)
        return Marked(pid, *_parent_and_ticks(pid), token, process) if token else None
    except (psutil.Error, OSError):  # it vanished, or belongs to another user
        return None


def _parent_and_ticks(pid: int) -> tuple[int, int]:
    # fields 4 and 22 of proc(5) stat, counted after the name, which may hold anything; psutil's create_time
    # is a date and so changes when the clock is set
    fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
    return int(fields[1]), int(fields[19])


def _is_hidden(id: str) -> bool:  # noqa: A002
    pid, _, ticks = id.partition("@")
    try:
        if not pid.isdecimal() or str(_parent_and_ticks(int(pid))[1]) != ticks:
            return False
        psutil.Process(int(pid)).environ()
    except psutil.AccessDenied:
        return True
    except (psutil.Error, OSError):
        return False
    return False
