"""Whoever enters a host and is stopped meanwhile leaves no connection behind."""

import asyncio
import logging
import threading
from types import SimpleNamespace

import pytest

from multiplespawner.ssh_spawner import entering


class SlowLink:
    """Takes its time to connect, and to close."""

    def __init__(self):
        self.began, self.closing, self.may_close, self.closed = (threading.Event() for _ in range(4))

    async def open(self):
        self.began.set()
        await asyncio.Event().wait()

    async def during(self, work):
        return await work

    async def close(self):
        self.closing.set()
        await asyncio.to_thread(self.may_close.wait, 10)
        self.closed.set()


async def test_who_is_cancelled_twice_has_closed_all_the_same(monkeypatch):
    """The second time, too, what was begun is ended."""
    link = SlowLink()
    monkeypatch.setattr(entering, "link_of", lambda spawner, way: link)
    spawner = SimpleNamespace(path="/bin", resource_path="runs", log=logging.getLogger())
    working = asyncio.create_task(entering.enter(spawner, [object()]))
    for event in (link.began, link.closing):
        assert await asyncio.to_thread(event.wait, 10)
        working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working
    link.may_close.set()
    assert await asyncio.to_thread(link.closed.wait, 10)
