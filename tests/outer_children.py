"""Inner spawners that run nothing and note what they were asked, for tests of the outer one."""

from collections.abc import AsyncIterator, Mapping
from typing import Any, ClassVar

from hub_in_memory import AnyInner


class Quiet(AnyInner):
    """Runs nothing, and keeps nothing between notebooks."""

    running = False
    resumes = False

    async def start(self) -> Any:
        """Say where nothing runs."""
        self.running = True
        return ("127.0.0.1", 8888)

    async def stop(self, now: bool = False) -> None:
        """Run no longer."""
        self.running = False

    async def poll(self) -> Any:
        """As it was told."""
        return None if self.running else 0

    async def progress(self) -> AsyncIterator[Mapping[str, Any]]:
        """Tell whether it was asked too early."""
        yield {"progress": 1, "message": "running" if self.running else "early"}


class Keeping(Quiet):
    """Notes with which settings it is told to give up what it keeps."""

    done: ClassVar[list[Any]] = []

    async def delete_forever(self) -> None:
        """Note them."""
        self.done.append(("deleted", self.notebook_dir, self.user_options))


class Resuming(Quiet):
    """Means to go on with the same notebook."""

    will_resume = True
