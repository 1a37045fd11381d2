"""What leads hub and notebook to each other, through whichever connection there is; on the loop of SSH."""

import asyncio
import time
from typing import TYPE_CHECKING
from uuid import uuid4

from attrs import define, field

from .connections import Connections
from .failing import failure
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
    _opening: "asyncio.Task[int] | None" = field(default=None, init=False, repr=False)
    _led: "asyncssh.SSHClientConnection | None" = field(default=None, init=False, repr=False)
    """The connection through which what runs on the host reaches the hub."""

    async def keep(self, run: Run) -> int:
        """Open the tunnel and keep it up from now on; returns its port here. Safe to repeat."""
        self._loop = asyncio.get_running_loop()
        if self._tunnel is None:
            self._run, self._tunnel = run, Tunnel(run.notebook_port, self._patiently)
            self._own(self.keep_connected())
        if self._opening is None or (_has_failed(self._opening) and not self.closed):
            self._opening = self._own(self._tunnel.open(run.local_port))
        self.local_port = await asyncio.shield(self._opening)
        return self.local_port

    async def lead_to_hub(self, folder: str) -> None:
        """Give what runs on the host a way to the hub: a socket in the folder. Raises NotOnHost."""
        import asyncssh

        from .way_to_hub import to_hub

        connection, path = self.connection, f"{folder}/{uuid4().hex[:8]}{SUFFIX}"
        assert connection is not None
        try:
            await connection.create_unix_server(lambda: to_hub(connection, self.hub), path)
        except asyncssh.ChannelListenError as error:
            user = self.access.user if self.access else ""
            raise failure("forwarding_refused", host=self.host, user=user, why=str(error)) from error
        self._led = connection

    async def close(self) -> None:
        """End the tunnel as well."""
        self.closed = True
        if self._tunnel is not None:
            await self._tunnel.close()
        await Connections.close(self)

    async def held(self, connection: "asyncssh.SSHClientConnection") -> None:
        """Have a way to the hub through the connection, and wait until it is lost."""
        over = self._own(connection.wait_closed())
        while not over.done():
            led = connection is self._led or await self._led_again()
            await asyncio.wait({over}, timeout=None if led else self.pace.longest)

    async def _led_again(self) -> bool:
        assert self._run is not None
        try:
            await self.lead_to_hub(self._run.sockets)
        except Exception as error:
            self.log.warning("The notebook on %s can't reach the hub yet: %s", self.host, error)
            return False
        return True

    async def _patiently(self) -> "asyncssh.SSHClientConnection | None":
        until = time.monotonic() + self.pace.patience
        while not self.closed and (left := until - time.monotonic()) > 0:
            if (connection := await self.connected(left)) is not None:
                return connection
        return None


def _has_failed(task: "asyncio.Task[int]") -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)
