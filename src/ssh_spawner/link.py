"""What leads hub and notebook to each other, through whichever connection there is; on the loop of SSH."""

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING
from uuid import uuid4

from attrs import define, field

from ..adapters.outbound.ssh import has_gone
from .connections import Connections
from .failing import failure
from .living import Living, socket_of
from .on_host.relay import SUFFIX
from .run import Run
from .settings import Hub
from .tunnel import Tunnel

if TYPE_CHECKING:
    import asyncssh


@define(eq=False)
class Link(Connections):
    """Keeps a notebook reachable: its tunnel here, and its way to the hub there."""

    hub: Hub = field(kw_only=True)
    local_port: int = field(default=0, init=False)
    """That leads to the notebook; 0 until it is kept."""
    _run: Run | None = field(default=None, init=False)
    _tunnel: Tunnel | None = field(default=None, init=False, repr=False)
    _living: Living | None = field(default=None, init=False, repr=False)
    _opening: "asyncio.Task[int] | None" = field(default=None, init=False, repr=False)
    _led: "asyncssh.SSHClientConnection | None" = field(default=None, init=False, repr=False)
    """The connection through which what runs on the host reaches the hub."""

    @property
    def lives(self) -> bool:
        """Whether the notebook is known to live, at this moment."""
        return self._living is not None and self._living.known.is_set()

    async def keep(self, run: Run) -> int:
        """Open the tunnel and keep it up from now on; returns its port here. Safe to repeat.

        Raises NotOnHost where this was closed, OSError where the tunnel can't be opened now.
        """
        self._loop = asyncio.get_running_loop()
        # not before: who closes this from another thread may not know the loop yet
        self._check_open()
        if self._tunnel is None:
            self._run, self._tunnel = run, Tunnel(run.notebook_port, self._patiently)
            self._living = Living(socket_of(run), self.pace, self.log, self._tunnel.hang_up)
            self._own(self.keep_connected())
        if self._opening is None or _has_failed(self._opening):
            self._opening = self._own(self._tunnel.open(run.local_port))
        # who is cancelled meanwhile does not cancel it
        await asyncio.wait({self._opening})
        self._check_open()
        self.local_port = self._opening.result()
        return self.local_port

    def _check_open(self) -> None:
        if self.closed:
            raise failure("connection_lost", host=self.host, why="it is not needed any more")

    async def lead_to_hub(self, folder: str) -> None:
        """Give what runs on the host a way to the hub: a socket in the folder. Raises NotOnHost."""
        import asyncssh

        from .way_to_hub import to_hub

        connection, path = self.connection, f"{folder}/{uuid4().hex[:8]}{SUFFIX}"
        assert connection is not None
        try:
            await connection.create_unix_server(lambda: to_hub(connection, self.hub), path)
        except asyncssh.ChannelListenError as error:
            code = "connection_lost" if await has_gone(connection) else "forwarding_refused"
            user = self.access.user if self.access else ""
            raise failure(code, host=self.host, user=user, why=str(error)) from error
        self._led = connection

    async def close(self) -> None:
        """End the tunnel as well."""
        self.closed = True
        if self._tunnel is not None:
            await self._tunnel.close()
        await Connections.close(self)

    async def held(self, connection: "asyncssh.SSHClientConnection") -> None:
        """Have a way to the hub through the connection and know that the notebook lives, until it is lost."""
        assert self._living is not None
        over = self._own(connection.wait_closed())
        watching = self._own(self._living.watch(connection))
        try:
            while not over.done():
                led = connection is self._led or await self._led_again()
                await asyncio.wait({over}, timeout=None if led else self.pace.longest)
        finally:
            watching.cancel()

    async def _led_again(self) -> bool:
        assert self._run is not None
        try:
            await self.lead_to_hub(self._run.sockets)
        except Exception as error:
            self.log.warning("The notebook on %s can't reach the hub yet: %s", self.host, error)
            return False
        return True

    async def _patiently(self) -> "asyncssh.SSHClientConnection | None":
        """Through which the notebook is reached, and known to live; None if there is none in time."""
        assert self._living is not None
        if not self._living.over:
            with suppress(TimeoutError), self.wanting():
                async with asyncio.timeout(self.pace.patience):
                    await self._living.known.wait()
        return self._living.connection


def _has_failed(task: "asyncio.Task[int]") -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)
