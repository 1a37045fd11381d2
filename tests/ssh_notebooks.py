"""Notebooks on the hosts of the tests: spawners as the hub makes them, for stand-ins that answer at once."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import asyncssh
import psutil
from attrs import define, field
from jupyterhub.objects import Hub

from multiplespawner.ssh_spawner import SSHSpawner
from ssh_hosts import SshHost

STAND_IN = Path(__file__).parent / "e2e" / "stand_in.py"
PROGRAM = "/usr/local/lib/stand_in.py"
COMMAND = ["/usr/bin/python3", "-I", PROGRAM]
"""What runs as a notebook on a host, once it was put there."""

QUICK = {"keepalive": 1.0, "reconnect_longest": 1.0}
"""A lost connection is noticed within three seconds."""


@define(eq=False)
class SmallHub:
    """Answers every request with the first line of it; stands for the hub's API."""

    port: int = field(default=0, init=False)
    _server: asyncio.Server | None = field(default=None, init=False)

    async def __aenter__(self) -> "SmallHub":
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def open(self) -> None:
        """Answer, at the same port as before."""
        self._server = await asyncio.start_server(self._answer, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Answer no more."""
        assert self._server
        self._server.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            line = (await reader.readuntil(b"\r\n")).strip()
            writer.write(b"HTTP/1.0 200 OK\r\nConnection: close\r\n\r\nhub: " + line)
            await writer.drain()
        writer.close()


def key_for(host: SshHost, account: str, folder: Path) -> Path:
    """A key that opens an account of the host, made with the account; known_hosts lies beside it."""
    key = asyncssh.generate_private_key("ssh-ed25519")
    host.account(account)
    host.authorize(account, key.export_public_key().decode().strip())
    file = folder / f"{account}.key"
    key.write_private_key(file)
    file.chmod(0o600)
    (folder / "known_hosts").write_text(f"{host.address} {host.host_key}\n")
    host.write(PROGRAM, STAND_IN.read_text())
    return file


def spawner_for(
    host: SshHost, account: str, folder: Path, hub: SmallHub | None = None, **traits: Any
) -> SSHSpawner:
    """A spawner of the hub's user of that name, whose notebooks are stand-ins on the host."""
    user = SimpleNamespace(name=account, escaped_name=account, url=f"/user/{account}/", spawners={})
    given = {
        "remote_hosts": [host.address],
        "ssh_keyfile": str(folder / "{username}.key"),
        "ssh_known_hosts": str(folder / "known_hosts"),
        "cmd": COMMAND,
        **QUICK,
        **traits,
    }
    spawner = SSHSpawner(
        user=user,
        hub=Hub(ip="127.0.0.1", port=hub.port if hub else 9, base_url="/hub/"),
        oauth_client_id="client",
        **given,
    )
    spawner.api_token = f"only-for-tests-{account}-token"
    return spawner


async def asked(port: int, path: str = "/") -> dict[str, Any]:
    """What the stand-in tells, asked as the hub's proxy would."""
    return dict(json.loads(await fetched(port, path)))


async def fetched(port: int, path: str) -> bytes:
    """Body of an answer; raises OSError where there is none."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(f"GET {path} HTTP/1.0\r\n\r\n".encode())
        answer = await asyncio.wait_for(reader.read(), 30)
    finally:
        writer.close()
    head, _, body = answer.partition(b"\r\n\r\n")
    if b" 200 " not in head:
        raise OSError(f"no answer: {head[:80]!r}")
    return body


@contextlib.asynccontextmanager
async def running(spawner: SSHSpawner) -> AsyncIterator[int]:
    """A notebook that was started: the port that leads to it; stopped in the end if it still runs."""
    try:
        yield (await spawner.start())[1]
    finally:
        with contextlib.suppress(Exception):
            await spawner.stop(now=True)
        spawner.clear_state()


def left_on(host: SshHost, account: str) -> list[str]:
    """Command lines of the account's processes that are not sshd's, and files that notebooks left."""
    uid = int(host.run("id", "-u", account))
    commands = [_command(process, uid) for process in host.processes()]
    return [each for each in commands if each] + _files(host.files_of(account) / ".jupyterhub-resources")


def _files(base: Path) -> list[str]:
    """All below a folder; one from which something goes meanwhile is looked at again."""
    while True:
        with contextlib.suppress(FileNotFoundError):
            return [str(each) for each in base.rglob("*")]


def _command(process: psutil.Process, uid: int) -> str:
    """Its command line; "" for one that ends, is another's, or sshd's."""
    with contextlib.suppress(psutil.Error):
        if process.uids().real == uid and not process.name().startswith("sshd"):
            return " ".join(process.cmdline())
    return ""


async def gone(spawner: SSHSpawner) -> int:
    """Exit status of its notebook, once there is one."""
    async with asyncio.timeout(30):
        while (status := await spawner.poll()) is None:
            await asyncio.sleep(0.05)
    return status


async def heard_again(spawner: SSHSpawner) -> None:
    """Wait until the host answers again, where its notebook still runs."""
    before = spawner._notebook.link.contact
    async with asyncio.timeout(60):
        while spawner._notebook.link.contact == before:
            assert await spawner.poll() is None
            await asyncio.sleep(0.05)


async def until(condition: Callable[[], Any]) -> None:
    """Wait for it, 30 s at most."""
    async with asyncio.timeout(30):
        while not condition():
            await asyncio.sleep(0.02)
