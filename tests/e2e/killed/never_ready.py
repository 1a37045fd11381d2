"""A local process whose start never returns."""

import asyncio
from typing import Any

from jupyterhub.spawner import SimpleLocalProcessSpawner


class SpawnerThatNeverReturns(SimpleLocalProcessSpawner):
    """Starts its process, and then waits for ever."""

    async def start(self) -> Any:
        """Never return."""
        await super().start()
        await asyncio.Event().wait()
