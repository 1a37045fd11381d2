"""Look at a child's state, and tell of it when it has changed."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from attrs import define, field
from jupyterhub.spawner import Spawner

from .answers import strict_json

OnState = Callable[[Mapping[str, Any]], None]


@define(eq=False)
class StateWatch:
    """The last state that a child gave; errors in its `get_state` are logged, once, and leave that."""

    child: Spawner = field(repr=False)
    last: Mapping[str, Any] = field(factory=dict, repr=False)
    """Strict JSON."""
    _logged: bool = field(default=False, init=False, repr=False)

    def look(self) -> bool:
        """Read the state and tell whether it is another than before."""
        before = self.last
        try:
            self.last = strict_json(self.child.get_state())
        except Exception as error:
            self._log(error)
        return self.last != before

    @asynccontextmanager
    async def telling(self, on_state: OnState, every: float) -> AsyncIterator[None]:
        """Look each `every` seconds inside the block and once after it; each change goes to `on_state`."""
        looking = asyncio.create_task(self._keep_telling(on_state, every))
        try:
            yield
        finally:
            looking.cancel()
            self._tell(on_state)

    async def _keep_telling(self, on_state: OnState, every: float) -> None:
        while True:
            self._tell(on_state)
            await asyncio.sleep(every)

    def _tell(self, on_state: OnState) -> None:
        if self.look():
            on_state(self.last)

    def _log(self, error: Exception) -> None:
        if not self._logged:
            self._logged = True
            # The kind only: the text may hold what the state holds.
            self.child.log.error(
                "%s can't tell its state: %s", type(self.child).__name__, type(error).__name__
            )
