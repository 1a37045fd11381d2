"""What a connection on a host leads to."""

import asyncio
from types import SimpleNamespace

import pytest
from asyncssh import ChannelOpenError

from multiplespawner.ssh_spawner.settings import Hub
from multiplespawner.ssh_spawner.way_to_hub import to_hub


@pytest.fixture(params=["port", "socket"])
async def hub(request, tmp_path):
    """One that listens, and those who are connected with it."""
    connected = asyncio.Queue()

    async def welcome(reader, writer):
        await connected.put((reader, writer))

    if request.param == "port":
        server = await asyncio.start_server(welcome, "127.0.0.1")
        where = Hub("127.0.0.1", server.sockets[0].getsockname()[1])
    else:
        server = await asyncio.start_unix_server(welcome, str(tmp_path / "hub"))
        where = Hub(str(tmp_path / "hub"))
    yield where, connected
    server.close()


def connection(*, closed):
    """One of SSH."""
    return SimpleNamespace(is_closed=lambda: closed)


async def test_it_says_that_the_hub_is_there_before_anything_else(hub):
    """Only once the session has begun: before, nobody would hear it."""
    where, connected = hub
    written = []
    channel = SimpleNamespace(write=written.append, close=lambda: None, get_extra_info=lambda name: None)
    way = await to_hub(connection(closed=False), where)
    _, there = await connected.get()
    way.connection_made(channel)
    assert written == []
    way.session_started()
    there.write(b"answer")
    await there.drain()
    async with asyncio.timeout(5):
        while len(written) < 2:
            await asyncio.sleep(0)
    assert written == [b"\n", b"answer"]
    way.close()
    there.close()


async def test_nothing_is_kept_open_for_a_connection_that_is_lost_meanwhile(hub):
    """Nobody would ever hang up."""
    where, connected = hub
    with pytest.raises(ChannelOpenError):
        await to_hub(connection(closed=True), where)
    reader, there = await connected.get()
    async with asyncio.timeout(5):
        assert await reader.read() == b""
    there.close()


@pytest.mark.parametrize("where", [Hub("127.0.0.1", 1), Hub("/nowhere/hub")])
async def test_a_hub_that_is_not_there_is_no_session(where):
    """The host hangs up, and who asks tries again."""
    with pytest.raises(ChannelOpenError):
        await to_hub(connection(closed=False), where)
