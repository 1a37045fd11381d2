"""What a connection of the host's socket leads to: the hub, which says first that it is there."""

import asyncio

from asyncssh import OPEN_CONNECT_FAILED, ChannelOpenError, SSHClientConnection, SSHForwarder

from .on_host.relay import READY
from .settings import Hub


class _Way(SSHForwarder):
    """Leads to the hub; who connected on the host is told once all of it is there."""

    def session_started(self) -> None:
        self.write(READY)


async def to_hub(connection: SSHClientConnection, hub: Hub) -> SSHForwarder:
    """A session of SSH that is connected with the hub. Raises ChannelOpenError where nobody answers."""
    loop = asyncio.get_running_loop()
    try:
        if hub.port:
            _, far = await loop.create_connection(SSHForwarder, hub.address, hub.port)
        else:
            _, far = await loop.create_unix_connection(SSHForwarder, hub.address)
    except OSError as error:
        raise ChannelOpenError(OPEN_CONNECT_FAILED, str(error)) from error
    if connection.is_closed():
        # nobody would ever hang up for it
        far.close()
        raise ChannelOpenError(OPEN_CONNECT_FAILED, "the connection was lost")
    return _Way(far)
