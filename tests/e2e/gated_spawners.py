"""Inner spawners whose starts a test lets go on, with progress of all sorts."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from jupyterhub.spawner import SimpleLocalProcessSpawner
from traitlets import Unicode

MARKUP = "<script>alert(1)</script><b>patiently</b>"


class NoCoffee(Exception):
    """An error with a text that its author meant for the user."""

    jupyterhub_message = "The coffee machine is <b>empty</b>."


class Gated(SimpleLocalProcessSpawner):
    """Starts once the file `gate` of the user is there; fails if that says `fail`."""

    gates = Unicode("", help="Folder of the files.")

    async def start(self) -> Any:
        """Wait, then do as the file says."""
        file = Path(self.gates) / self.user.name
        while not file.exists():
            await asyncio.sleep(0.05)
        if file.read_text() == "fail":
            raise NoCoffee
        return await super().start()

    async def progress(self) -> AsyncIterator[dict[str, Any]]:
        """Say what others must not take for the hub's or ours, and never end."""
        yield {"progress": 50, "message": f"Waiting {MARKUP}", "ready": True, "failed": True, "url": "/evil"}
        yield {"progress": 10, "html_message": MARKUP, "steps": "none"}
        await asyncio.Event().wait()


class Broken(SimpleLocalProcessSpawner):
    """Fails at once, with an error that nobody meant for a user."""

    async def start(self) -> Any:
        """Fail."""
        raise RuntimeError("a secret")


class GatedAndTroubled(Gated):
    """Its progress raises an error."""

    async def progress(self) -> AsyncIterator[dict[str, Any]]:
        """Say something that is not JSON, then fail."""
        yield {"progress": "far", "message": "Look", "raw": object()}
        raise RuntimeError("no progress")
