"""What goes through tunnels on the SSH loop doesn't make the hub's own loop wait."""

import asyncio
import concurrent.futures
import sys

import asyncssh
import pytest

from multiplespawner.adapters.outbound.ssh import connect, known_hosts_text, on_ssh_loop
from multiplespawner.application.ports.authenticator import Access
from multiplespawner.testing.loop_stalls import Ticking
from tunnels_of_ours import our_tunnel

MEGABYTES = 100
STALL = 0.05
"""Seconds that the hub's loop may stand still; the best of several rounds counts, as machines have moods."""

SERVE = f"""if True:
    import socket
    server = socket.create_server(("127.0.0.1", 0))
    print(server.getsockname()[1], flush=True)
    while True:
        peer, _ = server.accept()
        for _ in range({MEGABYTES}):
            peer.sendall(bytes(1 << 20))
        peer.close()
"""
TAKE = """if True:
    import socket, sys
    peer, size = socket.create_connection(("127.0.0.1", int(sys.argv[1]))), 0
    while chunk := peer.recv(1 << 20):
        size += len(chunk)
    print(size)
"""


@pytest.fixture
def access(ssh_host, tmp_path):
    """The way into a host, with a key."""
    key = asyncssh.generate_private_key("ssh-ed25519")
    file, known = tmp_path / "key", tmp_path / "known_hosts"
    file.write_bytes(key.export_private_key("openssh"))
    known.write_text(known_hosts_text(ssh_host.address, ssh_host.port, [ssh_host.host_key]))
    ssh_host.account("ada")
    ssh_host.authorize("ada", key.export_public_key("openssh").decode().strip())
    return Access(ssh_host.address, ssh_host.port, "ada", file, known)


class Opened:
    """A port of this machine behind which a host sends megabytes; all of SSH happens on the SSH loop."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._port: concurrent.futures.Future[int] = concurrent.futures.Future()

    async def __aenter__(self) -> int:
        self._open = asyncio.create_task(on_ssh_loop(self._kept_open()))
        return await asyncio.wait_for(asyncio.wrap_future(self._port), 20)

    async def __aexit__(self, *_: object) -> None:
        self._open.cancel()
        await asyncio.gather(self._open, return_exceptions=True)

    async def _kept_open(self) -> None:
        async with (
            await connect(self._access) as connection,
            connection.create_process("exec python3 -") as server,
        ):
            server.stdin.write(SERVE)
            server.stdin.write_eof()
            port = int(await server.stdout.readline())
            self._port.set_result(await our_tunnel(connection, port))
            await asyncio.Event().wait()


async def test_a_hundred_megabytes_stall_nobody(access):
    """They come through a tunnel while the loop that asked for it goes on."""
    stalls = []
    async with Opened(access) as port:
        for _ in range(3):
            async with Ticking() as ticking:
                taking = await asyncio.create_subprocess_exec(
                    sys.executable, "-c", TAKE, str(port), stdout=asyncio.subprocess.PIPE
                )
                taken, _ = await taking.communicate()
            assert int(taken) == MEGABYTES << 20
            stalls.append(ticking.longest)
    assert min(stalls) < STALL


async def test_a_connection_is_enciphered_with_what_is_cheapest_here(access):
    """AES in GCM, which sshd has too; asyncssh itself would begin with ChaCha20."""

    async def ciphers() -> set[str]:
        async with await connect(access) as connection:
            return {connection.get_extra_info("send_cipher"), connection.get_extra_info("recv_cipher")}

    assert await on_ssh_loop(ciphers()) == {"aes256-gcm@openssh.com"}
