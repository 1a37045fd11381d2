"""The inner spawner of the benchmark, plain and wrapped; imported by the hubs."""

import asyncio
import contextlib
from typing import Any

from jupyterhub.spawner import SimpleLocalProcessSpawner
from wrapspawner import WrapSpawner

LOOK_EVERY = 0.002
"""Seconds: far below what is measured."""


class SpawnerThatWaits(SimpleLocalProcessSpawner):
    """Returns when the server listens.

    Otherwise the hub finds nobody listening and waits a random time, up to 0.4 s and more each time, which
    would hide what is measured here.
    """

    async def start(self) -> Any:
        """Start the process as the hub's own class does, and wait until its port is open."""
        host, port = await super().start()
        while await self.poll() is None:
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection(host or "127.0.0.1", port)
                writer.close()
                break
            await asyncio.sleep(LOOK_EVERY)
        return host, port


class WrappedSpawner(WrapSpawner):
    """The same class behind wrapspawner."""

    child_class = SpawnerThatWaits
