"""One connection of ours with our tunnel: `tunnelled.py ADDRESS KEY KNOWN_HOSTS PORT REMOTE_PORT`."""

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from multiplespawner.adapters.outbound.ssh import connect, on_ssh_loop
from multiplespawner.application.ports.authenticator import Access
from tunnels_of_ours import our_tunnel


async def main(address: str, key: str, known_hosts: str, port: str, remote: str) -> None:
    """Lead to the host until we are told to end."""

    async def lead() -> None:
        connection = await connect(Access(address, 22, "eve", Path(key), Path(known_hosts)))
        await our_tunnel(connection, int(remote), int(port))
        await connection.wait_closed()

    await on_ssh_loop(lead())


asyncio.run(main(*sys.argv[1:]))
