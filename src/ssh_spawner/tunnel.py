"""A port of this machine that leads to one of the host, through whichever connection there is."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, cast

from attrs import define, field

from .ends import Far, Near

if TYPE_CHECKING:
    import asyncssh

Connected = Callable[[], Awaitable["asyncssh.SSHClientConnection | None"]]
"""Gives the connection, waiting a while for one; None when there is none."""

LOOPBACK = "127.0.0.1"
AGAIN = 0.05
"""Seconds until who uses a lost connection knows that it is lost."""


@define(eq=False)
class Tunnel:
    """Stays open while connections come and go, so that nobody else gets the port; on the loop of SSH."""

    port: int
    """Of the host."""
    _connected: Connected
    _server: asyncio.Server | None = field(default=None, init=False)
    _near: set[Near] = field(factory=set, init=False)
    _opening: set[asyncio.Task[None]] = field(factory=set, init=False)

    async def open(self, wanted: int = 0) -> int:
        """Listen at the wanted port, at another if that is taken; returns which."""
        try:
            self._server = await self._listening(wanted)
        except OSError:
            self._server = await self._listening(0)
        return int(self._server.sockets[0].getsockname()[1])

    async def _listening(self, port: int) -> asyncio.Server:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: Near(self), LOOPBACK, port, start_serving=False)
        try:
            await server.start_serving()
        except BaseException:
            # who is cancelled just now would leave it behind
            server.close()
            raise
        return server

    async def close(self) -> None:
        """Stop listening, and hang up on everybody."""
        if self._server is not None:
            self._server.close()
        for task in self._opening:
            task.cancel()
        await asyncio.gather(*self._opening, return_exceptions=True)
        self.hang_up()

    def hang_up(self) -> None:
        """On everybody, also on those who are just being led on."""
        for near in list(self._near):
            near.abort()

    def begin(self, near: Near) -> None:
        """Lead a connection on."""
        self._near.add(near)
        task = asyncio.get_running_loop().create_task(self._lead(near))
        self._opening.add(task)
        task.add_done_callback(self._opening.discard)

    def ended(self, near: Near) -> None:
        """Forget a connection."""
        self._near.discard(near)

    async def _lead(self, near: Near) -> None:
        import asyncssh

        while (connection := await self._connected()) is not None:
            try:
                await connection.create_connection(lambda: cast(Any, Far(near)), LOOPBACK, self.port)
                return
            except (OSError, asyncssh.Error):
                # where the connection was lost nothing was sent yet, and another may do
                if not connection.is_closed():
                    break
                await asyncio.sleep(AGAIN)
        # who connected sees that nobody answers
        near.abort()
