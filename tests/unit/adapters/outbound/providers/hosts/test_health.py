"""Given what listens on a host's port, then the host is in order or not, and that is seen by few looks."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator

import pytest
from attrs import define

from multiplespawner.adapters.outbound.providers.hosts import health
from multiplespawner.adapters.outbound.providers.hosts.health import Health, Place

CLOSED = 1
"""A port on which nothing listens."""


@define
class Server:
    """Says something to whoever connects, and hangs up or waits; on this machine."""

    says: bytes | None
    """None: it doesn't hang up either."""
    port: int = 0
    connections: int = 0
    hang_ups: int = 0
    """How many are told nothing at first."""

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        if self.connections <= self.hang_ups:
            writer.close()
            return
        if self.says is None:
            await reader.read()
        else:
            writer.write(self.says)
        writer.close()


@define
class Clock:
    """Stands still."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    """An SSH server, as far as anybody asks."""
    made = Server(b"SSH-2.0-test\r\n")
    async with await asyncio.start_server(made, "127.0.0.1", 0) as listening:
        made.port = listening.sockets[0].getsockname()[1]
        yield made


@pytest.mark.parametrize(
    ("says", "in_order"),
    [
        (b"SSH-2.0-OpenSSH_9.2p1 Debian\r\n", True),
        (b"SSH-1.99-x\n", True),
        (b"hello\r\nwho are you\r\nSSH-2.0-x\r\n", True),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", False),
        (b"Exceeded MaxStartups\r\n", False),
        (b"SSH-1.5-x\r\n", False),
        (b"", False),
        (b"x" * 5000, False),
        (b"x\n" * 5000, False),
        (None, False),
    ],
)
async def test_what_a_host_says(
    server: Server, says: bytes | None, in_order: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An SSH server says so, after other lines perhaps; within the time that it has."""
    monkeypatch.setattr(health, "SECONDS", 1.0)
    server.says = says
    found = await Health([Place("a", "127.0.0.1", server.port)]).out_of_order(["a"])
    assert (set(found) == set()) is in_order
    assert all(found.values())


async def test_a_host_that_hangs_up_on_some(server: Server) -> None:
    """As sshd does while many log in: that is no disorder, hanging up on all is."""
    server.hang_ups = 2
    assert await Health([Place("a", "127.0.0.1", server.port)]).out_of_order(["a"]) == {}
    server.connections, server.hang_ups = 0, 100
    assert set(await Health([Place("a", "127.0.0.1", server.port)]).out_of_order(["a"])) == {"a"}


async def test_only_those_that_are_asked_about_are_told(server: Server) -> None:
    """And what is in no settings is out of order."""
    places = [
        Place("up", "127.0.0.1", server.port),
        *(Place(n, "127.0.0.1", CLOSED) for n in ("down", "off")),
    ]
    seen = Health(places)
    assert set(await seen.out_of_order(["up", "down", "gone"])) == {"down", "gone"}
    assert await seen.out_of_order([]) == {}
    assert set(await seen.out_of_order(["off"])) == {"off"}


async def test_what_was_seen_holds_for_a_while(server: Server) -> None:
    """A hundred who ask cost one connection, and after a quarter of a minute one more."""
    clock = Clock()
    seen = Health([Place("a", "127.0.0.1", server.port)], clock)
    for count in (1, 2):
        await asyncio.gather(*(seen.out_of_order(["a"]) for _ in range(100)))
        clock.now += health.FRESH - 0.1
        await seen.out_of_order(["a"])
        assert server.connections == count
        clock.now += 0.2


async def test_a_change_is_logged_once(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    """When a host gets out of order, and when it is in order again."""
    clock = Clock()
    seen = Health([Place("a", "127.0.0.1", server.port)], clock)
    counts = []
    for says in (b"SSH-2.0-x\n", b"", b"", b"SSH-2.0-x\n", b"SSH-2.0-x\n"):
        server.says = says
        clock.now += health.FRESH
        await seen.out_of_order(["a"])
        counts.append(len([r for r in caplog.records if r.levelno == logging.WARNING]))
    assert counts == [0, 1, 1, 2, 2]


async def test_many_silent_hosts_are_asked_at_once(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """They take as long as one."""
    monkeypatch.setattr(health, "SECONDS", 1.0)
    server.says = None
    places = [Place(f"a{number}", "127.0.0.1", server.port) for number in range(60)]
    began = time.monotonic()
    found = await Health(places).out_of_order([place.name for place in places])
    assert len(found) == len(places)
    assert time.monotonic() - began < 10
