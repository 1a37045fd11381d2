"""A start that the hub has given up is ended with the stop that follows."""

import asyncio
import logging
import threading
from pathlib import Path

import attrs
import pytest

from multiplespawner.application.ports.authenticator import Access
from multiplespawner.ssh_spawner import SSHSpawner
from multiplespawner.ssh_spawner import spawner as spawner_module
from multiplespawner.ssh_spawner.connections import Connections
from multiplespawner.ssh_spawner.failing import NotOnHost


@pytest.fixture
def spawner(monkeypatch):
    """One whose start takes for ever, and undoes in a while what it began."""
    made = SSHSpawner()
    made.undone = False
    begun = asyncio.Event()

    async def started(progress):
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.01)
            made.undone = True

    monkeypatch.setattr(made, "_started", started)
    return made, begun


async def test_who_stops_ends_the_start(spawner):
    """All of it is undone by then, and whoever still waits for it is told why."""
    made, begun = spawner
    starting = asyncio.create_task(made.start())
    await begun.wait()
    await made.stop()
    assert made.undone
    with pytest.raises(NotOnHost) as failed:
        await starting
    assert failed.value.code == "start_cancelled"
    assert await made.poll() == 0


async def test_who_is_cancelled_while_it_starts_is_cancelled(spawner):
    """Once all is undone."""
    made, begun = spawner
    starting = asyncio.create_task(made.start())
    await begun.wait()
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    assert made.undone


async def test_stopping_what_does_not_start_is_nothing(spawner):
    """Nor is there anything to end."""
    made, _ = spawner
    await made.stop()
    assert not made.undone


class LateLaunch:
    """Has the notebook kept at the very moment in which its caller is cancelled."""

    asked_to_keep = False
    begun = threading.Event()

    def __init__(self, link, run, *_):
        self.run = run

    async def begin(self):
        self.begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.run = attrs.evolve(self.run, pid=7)
            self.asked_to_keep = True


async def test_what_is_kept_while_its_start_is_cancelled_is_found_again(monkeypatch):
    """Or it would run on its host, and nobody would ever end it."""

    async def enter(spawner, ways):
        link = Connections(ways[0], logging.getLogger())
        link.access = Access("10.0.0.1", 22, "ada", Path("key"), Path("known_hosts"))
        return link

    made = SSHSpawner()
    monkeypatch.setattr(made, "get_env", dict)
    for name, instead in (("enter", enter), ("Launch", LateLaunch), ("launch_request", lambda *_: {})):
        monkeypatch.setattr(spawner_module, name, instead)
    made.take_access(object())
    starting = asyncio.create_task(made.start())
    assert await asyncio.to_thread(LateLaunch.begun.wait, 10)
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    assert made.get_state()["run"]["pid"] == 7
