"""The two ends of a connection that is led to a host: who connected here, and the channel there."""
# ruff: noqa: D102 - what asyncio calls is documented there

import asyncio
from contextlib import suppress
from typing import Any, Protocol


class Leading(Protocol):
    """Whoever leads them to each other."""

    def begin(self, near: "Near") -> None:
        """There is one to be led on."""

    def ended(self, near: "Near") -> None:
        """It is gone."""


class Near(asyncio.Protocol):
    """Who connected here; heard only once there is somebody to tell."""

    def __init__(self, tunnel: Leading) -> None:
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
        """Hang up; nothing is heard or told any more from now on."""
        transport, self._transport = self._transport, None
        if transport is not None:
            transport.abort()
        if self._far is not None:
            self._far.abort()

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


class Far:
    """The other end of a connection: a session of SSH that passes on what the host sends."""

    def __init__(self, near: Near) -> None:
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
