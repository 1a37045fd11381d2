"""A notebook that could not be ended is ended later, without troubling its host meanwhile."""

import asyncio
import logging
from types import SimpleNamespace

import pytest

from multiplespawner.ssh_spawner.failing import failure
from multiplespawner.ssh_spawner.remaining import Remaining
from multiplespawner.ssh_spawner.run import Run
from multiplespawner.ssh_spawner.settings import Pace

RUN = Run("host", 22, "ada", "token-01", "base")


class Stubborn:
    """A notebook that can't be ended until its host is back."""

    def __init__(self, run, longest=0.001):
        self.run, self.asked, self.let_go_of = run, 0, asyncio.Event()
        self.link = SimpleNamespace(connection=None, log=logging.getLogger(), pace=Pace(longest=longest))
        self.back = False

    async def end(self, patience):
        self.asked += 1
        if not self.back:
            raise failure("connection_lost", host=self.run.host, why="it is off")

    async def let_go(self):
        self.let_go_of.set()


@pytest.fixture
async def remaining():
    """One, and what stands for its notebook."""
    made = Remaining()
    made.add(RUN)
    return made, Stubborn(RUN)


async def test_it_is_tried_until_it_is_ended(remaining, caplog):
    """Whenever there is a connection, and not before: nobody waits for it. What is wrong is said once."""
    made, notebook = remaining
    made.end_soon(lambda run: notebook, patient=True)
    async with asyncio.timeout(10):
        await asyncio.sleep(0.02)
        assert notebook.asked == 1
        notebook.link.connection = object()
        while notebook.asked < 3:
            await asyncio.sleep(0)
        assert made.runs == [RUN]
        notebook.back = True
        await notebook.let_go_of.wait()
    assert (made.runs, len(caplog.records)) == ([], 1)


async def test_who_is_not_patient_tries_once(remaining):
    """It is remembered, and can be tried again."""
    made, notebook = remaining
    made.end_soon(lambda run: notebook, patient=False)
    async with asyncio.timeout(10):
        await notebook.let_go_of.wait()
    assert (notebook.asked, made.runs) == (1, [RUN])
    made.end_soon(lambda run: notebook, patient=False)
    async with asyncio.timeout(10):
        while notebook.asked < 2:
            await asyncio.sleep(0)


async def test_nobody_tries_twice_at_once(remaining):
    """However often it is wanted."""
    made, notebook = remaining
    for _ in range(3):
        made.end_soon(lambda run: notebook, patient=True)
        await asyncio.sleep(0.005)
    assert notebook.asked == 1
    notebook.back, notebook.link.connection = True, object()
    async with asyncio.timeout(10):
        await notebook.let_go_of.wait()
