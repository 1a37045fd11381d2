"""The tunnel through which notebooks are reached, over one connection; on the loop of SSH."""

import asyncssh

from multiplespawner.ssh_spawner.tunnel import Tunnel


async def our_tunnel(connection: asyncssh.SSHClientConnection, remote: int, local: int = 0) -> int:
    """Lead a port of this machine to one of the host for as long as the connection lives; returns which."""

    async def connected() -> asyncssh.SSHClientConnection:
        return connection

    return await Tunnel(remote, connected).open(local)
