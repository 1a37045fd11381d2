"""Ends the processes of one tree, and what they start meanwhile; every method blocks for a moment only."""

from typing import Self

import psutil

from .marked_processes import Marked, NotPermitted, Tree, look_at, trees


class Ending:
    """One tree that is to end."""

    def __init__(self, tree: Tree, spared: frozenset[str]) -> None:
        self._token = tree.root.token
        self._known = set(tree.all)
        self._spared = spared
        """Roots of other trees with the same mark, which are not to end."""

    @classmethod
    def of(cls, id: str) -> Self | None:  # noqa: A002 - the port's word
        """For the tree whose root has this id; None if there is none. Raises NotPermitted."""
        tree = look_at(id)
        if tree is None:
            return None
        others = (other.root for other in trees() if other.root.token == tree.root.token)
        return cls(tree, frozenset(root.id for root in others if root.id != id))

    def runs(self) -> bool:
        """Whether any process runs that is known to belong to it."""
        # psutil's own wait would reap children of this process, whose exit status belongs to the spawner
        return any(marked.runs() for marked in self._known)

    def signal(self, number: int) -> tuple[Marked, ...]:
        """Look again, and signal all that still run; returns them. Raises NotPermitted."""
        for tree in trees():
            if tree.root.token == self._token and tree.root.id not in self._spared:
                self._known.update(tree.all)
        left = tuple(marked for marked in self._known if marked.runs())
        for marked in left:
            _signal(marked, number)
        return left


def _signal(marked: Marked, number: int) -> None:
    try:
        marked.process.send_signal(number)  # psutil refuses where the pid is another process by now
    except psutil.NoSuchProcess:
        pass
    except psutil.AccessDenied as error:
        raise NotPermitted(f"process {marked.id} can't be ended by this user") from error
