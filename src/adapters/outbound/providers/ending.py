"""Ends the processes of one tree, and what they start meanwhile; every method blocks for a moment only."""

from collections.abc import Iterator

import psutil

from .marked_processes import Marked, NotPermitted, Sight, Tree


class Ending:
    """One tree that is to end; other trees with its mark are spared."""

    def __init__(self, tree: Tree, sight: Sight) -> None:
        self._known = set(tree.all)
        self._spared = {other.root.id for other in self._alike(sight)} - {tree.root.id}

    def runs(self) -> bool:
        """Whether any process runs that is known to belong to it."""
        # psutil's own wait would reap children of this process, whose exit status belongs to the spawner
        return any(marked.runs() for marked in self._known)

    def signal(self, number: int, sight: Sight) -> bool:
        """Signal all that still run, also what was started since; whether there were any.

        Raises NotPermitted.
        """
        for tree in self._alike(sight):
            if tree.root.id not in self._spared:
                self._known.update(tree.all)
        left = [marked for marked in self._known if marked.runs()]
        for marked in left:
            _signal(marked, number)
        return bool(left)

    def _alike(self, sight: Sight) -> Iterator[Tree]:
        token = next(iter(self._known)).token
        return (tree for tree in sight.trees if tree.root.token == token)


def _signal(marked: Marked, number: int) -> None:
    try:
        marked.process.send_signal(number)  # psutil refuses where the pid is another process by now
    except psutil.NoSuchProcess:
        pass
    except psutil.AccessDenied as error:
        raise NotPermitted(f"process {marked.id} can't be ended by this user") from error
