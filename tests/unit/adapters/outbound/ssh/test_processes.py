"""Whoever asks a slow host to run something, and gives it up, leaves no session behind."""

import asyncio
from types import SimpleNamespace

import pytest

from multiplespawner.adapters.outbound.ssh import process_on


class SlowConnection:
    """Answers once it is told to."""

    def __init__(self):
        self.asked, self.closed = asyncio.Event(), asyncio.Event()
        self.answer = asyncio.get_running_loop().create_future()

    async def create_process(self, command, **given):
        self.asked.set()
        self.given = command, given
        return await self.answer


@pytest.fixture
async def connection():
    """One of SSH."""
    return SlowConnection()


@pytest.fixture
def process(connection):
    """What it answers with."""
    return SimpleNamespace(close=connection.closed.set)


async def test_it_is_a_process_of_asyncssh(connection, process):
    """Made with what is given, and open."""
    connection.answer.set_result(process)
    assert await process_on(connection, "true", encoding=None) is process
    assert connection.given == ("true", {"encoding": None})
    assert not connection.closed.is_set()


async def test_its_error_is_told(connection):
    """As asyncssh raises it."""
    connection.answer.set_exception(ConnectionResetError())
    with pytest.raises(ConnectionResetError):
        await process_on(connection, "true")


@pytest.mark.parametrize("ticks", range(4))
async def test_what_nobody_waits_for_is_closed_once_it_is_there(connection, process, ticks):
    """Also where it comes in the very moment in which it is given up."""
    asking = asyncio.create_task(process_on(connection, "true"))
    await connection.asked.wait()
    if ticks:
        connection.answer.set_result(process)
        for _ in range(ticks - 1):
            await asyncio.sleep(0)
    asking.cancel()
    await asyncio.wait({asking})
    if not ticks:
        assert asking.cancelled()
        connection.answer.set_result(process)
    if asking.cancelled():
        async with asyncio.timeout(5):
            await connection.closed.wait()
    else:
        assert asking.result() is process


async def test_an_error_that_nobody_waits_for_is_no_news(connection):
    """Nor does asyncio complain of it."""
    complaints = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
    asking = asyncio.create_task(process_on(connection, "true"))
    await connection.asked.wait()
    asking.cancel()
    await asyncio.wait({asking})
    connection.answer.set_exception(ConnectionResetError())
    for _ in range(3):
        await asyncio.sleep(0)
    assert complaints == []
