"""However much a notebook is wanted, its host is not stormed with logins; what was lost comes back."""

import asyncio
import contextlib
import logging
from pathlib import Path

import pytest

from multiplespawner.adapters.outbound.ssh import SshFailed
from multiplespawner.application.ports.authenticator import Access
from multiplespawner.ssh_spawner import connections as module
from multiplespawner.ssh_spawner.connections import Connections
from multiplespawner.ssh_spawner.settings import Pace

HOUR = 3600.0


class Host:
    """Answers each login with what is next; with the last for ever."""

    def __init__(self, *answers):
        self.answers, self.logins = list(answers), 0

    async def connect(self, access, **given):
        self.logins += 1
        answer = self.answers.pop(0) if self.answers[1:] else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer()


class Held:
    """A connection that stays."""

    def __init__(self):
        self.over = asyncio.Event()

    async def wait_closed(self):
        await self.over.wait()

    def close(self):
        self.over.set()


class Lost(Held):
    """One that is lost as soon as it is there."""

    def __init__(self):
        super().__init__()
        self.over.set()


@contextlib.asynccontextmanager
async def kept(monkeypatch, host, **pace):
    """Connections to it that are kept up."""

    async def access():
        return Access("10.0.0.1", 22, "ada", Path("key"), Path("known_hosts"))

    monkeypatch.setattr(module, "connect", host.connect)
    made = Connections(access, logging.getLogger(), Pace(**pace))
    keeping = asyncio.create_task(made.keep_connected())
    try:
        yield made
    finally:
        keeping.cancel()
        await asyncio.wait({keeping})
        await made.close()


async def until_logged_in(host, times):
    """So many times, within a while."""
    async with asyncio.timeout(10):
        while host.logins < times:
            await asyncio.sleep(0.001)


async def wanted_for_a_while(made):
    """By many, all the time."""
    for _ in range(20):
        await asyncio.gather(*(made.connected(0.005) for _ in range(3)))


@pytest.mark.parametrize("code", ["login_refused", "host_key_mismatch", "key_unusable", "no_access"])
async def test_a_refusal_is_not_asked_about_again(monkeypatch, code):
    """Before the longest pause is over, whoever wants a connection."""
    host = Host(SshFailed(code, "No."))
    async with kept(monkeypatch, host, first=0.001, soon=0.001, longest=HOUR) as made:
        await until_logged_in(host, 1)
        await wanted_for_a_while(made)
        assert host.logins == 1
        assert made.failure.code == code


async def test_who_wants_a_connection_has_it_tried_soon(monkeypatch):
    """Where the host could not be reached."""
    host = Host(SshFailed("host_unreachable", "It is off."), Held)
    async with kept(monkeypatch, host, first=HOUR, soon=0.01, longest=HOUR) as made:
        await until_logged_in(host, 1)
        while made.connection is None:
            await made.connected(10)
        assert host.logins == 2


async def test_but_not_at_once(monkeypatch):
    """As whoever looks at a notebook wants one all the time."""
    host = Host(SshFailed("host_unreachable", "It is off."))
    async with kept(monkeypatch, host, first=HOUR, soon=HOUR, longest=HOUR) as made:
        await until_logged_in(host, 1)
        await wanted_for_a_while(made)
        assert host.logins == 1


async def test_what_nobody_wants_any_more_waits(monkeypatch):
    """Who asked a while ago does not count."""
    host = Host(SshFailed("host_unreachable", "It is off."))
    async with kept(monkeypatch, host, first=HOUR, soon=0.05, longest=HOUR) as made:
        await until_logged_in(host, 1)
        await made.connected(0.001)
        await asyncio.sleep(0.1)
        assert host.logins == 1


async def test_a_connection_that_is_lost_at_once_is_a_failure(monkeypatch):
    """The pauses grow: no login after login."""
    host = Host(Lost)
    async with kept(monkeypatch, host, first=0.001, soon=HOUR, longest=HOUR):
        await until_logged_in(host, 5)
        before = host.logins
        await asyncio.sleep(0.1)
        # the next pauses are 16, 32, 64 ms and so on, more or less
        assert host.logins <= before + 8


async def test_a_connection_that_was_held_comes_back_soon(monkeypatch):
    """However long the pauses are otherwise."""
    host = Host(Held)
    pace = {"first": HOUR, "soon": HOUR, "longest": HOUR, "steady": 0.0, "spread": 0.01}
    async with kept(monkeypatch, host, **pace) as made:
        await until_logged_in(host, 1)
        (await made.connected(10)).close()
        await until_logged_in(host, 2)
