"""One connection of ours with one forward: `tunnelled.py ADDRESS KEY KNOWN_HOSTS PORT REMOTE_PORT`."""

import asyncio
import sys
from pathlib import Path

from multiplespawner.adapters.outbound.ssh import connect, on_ssh_loop
from multiplespawner.application.ports.authenticator import Access


async def main(address: str, key: str, known_hosts: str, port: str, remote: str) -> None:
    """Forward until we are told to end."""

    async def forward() -> None:
        connection = await connect(Access(address, 22, "eve", Path(key), Path(known_hosts)))
        listener = await connection.forward_local_port("127.0.0.1", int(port), "127.0.0.1", int(remote))
        await listener.wait_closed()

    await on_ssh_loop(forward())


asyncio.run(main(*sys.argv[1:]))
