"""A port of this machine that leads to one of the host, through whichever connection there is."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

from attrs import define, field

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
    _near: set["_Near"] = field(factory=set, init=False)
    _opening: set[asyncio.Task[None]] = field(factory=set, init=False)

    async def open(self, wanted: int = 0) -> int:
        """Listen at the wanted port, at another if that is taken; returns which."""
        loop = asyncio.get_running_loop()
        try:
            self._server = await loop.create_server(lambda: _Near(self), LOOPBACK, wanted)
        except OSError:
            self._server = await loop.create_server(lambda: _Near(self), LOOPBACK, 0)
        return int(self._server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        """Stop listening, and hang up on everybody."""
        if self._server is not None:
            self._server.close()
        for task in self._opening:
            task.cancel()
        await asyncio.gather(*self._opening, return_exceptions=True)
        for near in list(self._near):
            near.abort()

    def begin(self, near: "_Near") -> None:
        """Lead a connection on."""
        self._near.add(near)
        task = asyncio.get_running_loop().create_task(self._lead(near))
        self._opening.add(task)
        task.add_done_callback(self._opening.discard)

    def ended(self, near: "_Near") -> None:
        """Forget a connection."""
        self._near.discard(near)

    async def _lead(self, near: "_Near") -> None:
        import asyncssh

        while (connection := await self._connected()) is not None:
            try:
                await connection.create_connection(lambda: cast(Any, _Far(near)), LOOPBACK, self.port)
                return
            except (OSError, asyncssh.Error):
                # where the connection was lost nothing was sent yet, and another may do
                if not connection.is_closed():
                    break
                await asyncio.sleep(AGAIN)
        # who connected sees that nobody answers
        near.abort()


class _Near(asyncio.Protocol):
    """Who connected here; heard only once there is somebody to tell."""

    def __init__(self, tunnel: Tunnel) -> None:
        self._tunnel = tunnel
        self._transport: asyncio.Transport | None = None
        self._far: Any = None
        self._early: list[bytes] = []
        self._early_end = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.pause_reading()
        self._tunnel.begin(self)

    def led(self, channel: Any) -> None:
        """There is a channel to the host."""
        self._far = channel
        if self._transport is None:
            channel.abort()
            return
        for data in self._early:
            self.data_received(data)
        self._early.clear()
        if self._early_end:
            self.eof_received()
        self._transport.resume_reading()

    def abort(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        if self._far is None:
            self._early.append(data)
            self._pause_again()
            return
        # the host may have closed it
        with suppress(OSError):
            self._far.write(data)

    def eof_received(self) -> bool:
        if self._far is None:
            self._early_end = True
            return True
        with suppress(OSError):
            self._far.write_eof()
        return True

    def _pause_again(self) -> None:
        # Python 3.11.2 reads on after a pause in connection_made, and takes it for paused all the same
        if self._transport is not None:
            self._transport.resume_reading()
            self._transport.pause_reading()

    def connection_lost(self, error: Exception | None) -> None:
        self._transport = None
        self._tunnel.ended(self)
        if self._far is not None:
            self._far.close()

    def pause_writing(self) -> None:
        self._far.pause_reading()

    def resume_writing(self) -> None:
        self._far.resume_reading()

    @property
    def transport(self) -> asyncio.Transport | None:
        """None once it has gone."""
        return self._transport


class _Far:
    """The other end of a connection: a session of SSH that passes on what the host sends."""

    def __init__(self, near: _Near) -> None:
        self._near = near
        self._channel: Any = None

    def connection_made(self, channel: Any) -> None:
        self._channel = channel

    def session_started(self) -> None:
        self._near.led(self._channel)

    def data_received(self, data: bytes, datatype: Any) -> None:
        if self._near.transport is not None:
            self._near.transport.write(data)

    def eof_received(self) -> bool:
        if self._near.transport is not None and not self._near.transport.is_closing():
            self._near.transport.write_eof()
        return True

    def connection_lost(self, error: Exception | None) -> None:
        if self._near.transport is not None:
            self._near.transport.close()

    def pause_writing(self) -> None:
        if self._near.transport is not None:
            self._near.transport.pause_reading()

    def resume_writing(self) -> None:
        if self._near.transport is not None:
            self._near.transport.resume_reading()
