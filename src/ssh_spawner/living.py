"""Knows for how long the port of a notebook is its own: a socket on its host stays open while it lives.

Once it has ended any account of the host can have the port, and would be told cookies and tokens.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from logging import Logger, LoggerAdapter
from typing import TYPE_CHECKING, Any

from attrs import define, field

from .on_host.relay import ALIVE
from .run import Run
from .settings import Pace

if TYPE_CHECKING:
    import asyncssh


def socket_of(run: Run) -> str:
    """Its path on the host."""
    return f"{run.sockets}/{ALIVE}"


@define(eq=False)
class Living:
    """Of one notebook, through whichever connection there is; on the loop of SSH."""

    path: str
    pace: Pace
    log: "Logger | LoggerAdapter[Any]" = field(repr=False)
    ended: Callable[[], None] = field(repr=False)
    """Called when the port may be another's from now on."""
    known: asyncio.Event = field(factory=asyncio.Event, init=False)
    """Set while the notebook is known to live."""
    connection: "asyncssh.SSHClientConnection | None" = field(default=None, init=False, repr=False)
    """Through which that is known."""
    over: bool = field(default=False, init=False)
    """Whether its end was seen: it is not waited for any more."""

    async def watch(self, connection: "asyncssh.SSHClientConnection") -> None:
        """Know it through this connection, for ever; where the socket can't be opened, try again."""
        import asyncssh

        pause, said = self.pace.first, False
        while True:
            try:
                await self._until_its_end(connection)
                said = False
            except (OSError, asyncssh.Error) as error:
                if not (said or connection.is_closed()):
                    self.log.warning("Nobody can tell whether a notebook lives (%s): %s", self.path, error)
                    said = True
            await asyncio.sleep(pause)
            pause = min(pause * 2, self.pace.longest)

    async def _until_its_end(self, connection: "asyncssh.SSHClientConnection") -> None:
        reader, writer = await connection.open_unix_connection(self.path)
        try:
            self.connection, self.over = connection, False
            self.known.set()
            while await reader.read(1024):
                pass
            self.over = True
            self.ended()
        finally:
            self.connection = None
            self.known.clear()
            with suppress(OSError):
                writer.close()
