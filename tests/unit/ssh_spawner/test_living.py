"""Nobody is led to a notebook that is not known to live."""

import asyncio
import contextlib
import logging

import asyncssh
import pytest

from multiplespawner.ssh_spawner.living import Living
from multiplespawner.ssh_spawner.settings import Pace


class Writer:
    """Of a socket."""

    def close(self):
        """As it is."""


class Connection:
    """To a host whose sockets open, or don't, one after the other; the last for ever."""

    def __init__(self, *answers):
        self.answers, self.opened = list(answers), 0

    async def open_unix_connection(self, path):
        self.opened += 1
        answer = self.answers.pop(0) if self.answers[1:] else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer, Writer()

    def is_closed(self):
        return False


class Socket:
    """Is open until it ends, or is lost."""

    def __init__(self):
        self.end = asyncio.get_running_loop().create_future()

    async def read(self, count):
        return await self.end


REFUSED = asyncssh.ChannelOpenError(asyncssh.OPEN_CONNECT_FAILED, "open failed")


@contextlib.asynccontextmanager
async def watched(connection, **pace):
    """What is known through it, and each time at which those who were led were hung up on."""
    hung_up = []
    said = Pace(**{"first": 0.001, **pace})
    living = Living("/alive", said, logging.getLogger(), lambda: hung_up.append(1))
    watching = asyncio.create_task(living.watch(connection))
    try:
        yield living, hung_up
    finally:
        watching.cancel()
        await asyncio.wait({watching})
        assert (living.known.is_set(), living.connection) == (False, None)


@pytest.fixture
async def sockets():
    """Two."""
    return Socket(), Socket()


async def test_it_is_known_to_live_while_its_socket_is_open(sockets):
    """Then it is not, and everybody is hung up on, until there is another."""
    connection = Connection(*sockets)
    async with asyncio.timeout(5), watched(connection) as (living, hung_up):
        await living.known.wait()
        assert living.connection is connection
        sockets[0].end.set_result(b"")
        while not hung_up:
            await asyncio.sleep(0)
        assert (living.known.is_set(), living.connection, living.over) == (False, None, True)
        await living.known.wait()
        assert not living.over


async def test_a_socket_that_can_not_be_opened_is_tried_again(sockets, caplog):
    """What is wrong is said once."""
    async with asyncio.timeout(5), watched(Connection(REFUSED, REFUSED, sockets[0])) as (living, _):
        await living.known.wait()
    assert len(caplog.records) == 1


async def test_nobody_is_hung_up_on_because_the_connection_was_lost(sockets):
    """Those who were led are cut off by that; others wait for the next one."""
    sockets[0].end.set_exception(asyncssh.ConnectionLost("lost"))
    connection = Connection(*sockets)
    async with asyncio.timeout(5), watched(connection) as (living, hung_up):
        while connection.opened < 2:
            await asyncio.sleep(0)
        await living.known.wait()
        assert (hung_up, living.over) == ([], False)


async def test_pauses_grow():
    """A notebook without a keeper is not asked after all the time."""
    connection = Connection(REFUSED)
    async with watched(connection, first=3600.0, longest=3600.0):
        await asyncio.sleep(0.05)
    assert connection.opened == 1
