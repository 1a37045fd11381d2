"""A host that hangs up because many log in at once is tried again; nothing else is."""

import asyncio
import random
import time

import asyncssh
import pytest

from multiplespawner.adapters.outbound.ssh import SshFailed, connect, hanging_up, shown_host_key
from multiplespawner.application.ports.authenticator import Access


@pytest.fixture
def access(tmp_path):
    """Into a host of which nothing more is needed."""
    for name in ("key", "known_hosts"):
        (tmp_path / name).write_text("")
    return Access("127.0.0.1", 22, "ada", tmp_path / "key", tmp_path / "known_hosts")


def outcome(turns):
    """What comes of the next one; raises it if it is an error."""
    found = turns.pop(0)
    if isinstance(found, Exception):
        raise found
    return found


@pytest.fixture
def host(monkeypatch):
    """What a host does at each connect; its pauses are short, and by chance the same."""
    turns, limits = [], []

    async def turn(*_, connect_timeout, **__):
        limits.append(connect_timeout)
        return outcome(turns)

    monkeypatch.setattr(asyncssh, "connect", turn)
    monkeypatch.setattr(hanging_up, "AGAIN", (0.01, 0.02))
    monkeypatch.setattr(random, "uniform", lambda *_: 1.0)
    return turns, limits


async def test_a_host_that_hangs_up_is_tried_again(access, host):
    """Within the time that there is."""
    turns, limits = host
    turns += [asyncssh.ConnectionLost("gone"), ConnectionResetError(), "connected"]
    assert await connect(access, seconds=10) == "connected"
    assert limits == sorted(limits, reverse=True)
    assert limits[0] <= 10


async def test_a_host_that_always_hangs_up_is_told(access, host):
    """After some attempts."""
    turns, limits = host
    turns += [asyncssh.ConnectionLost("gone")] * 9
    with pytest.raises(SshFailed) as failed:
        await connect(access, seconds=10)
    assert failed.value.code == "connection_lost"
    assert len(limits) == 3


async def test_no_more_time_is_taken_than_there_is(access, host, monkeypatch):
    """Who waits for a host waits for one limit."""
    turns, _ = host
    turns += [asyncssh.ConnectionLost("gone")] * 9
    monkeypatch.setattr(hanging_up, "AGAIN", (60.0,))
    before = time.monotonic()
    with pytest.raises(SshFailed):
        await asyncio.wait_for(connect(access, seconds=0.5), 10)
    assert time.monotonic() - before < 5


@pytest.mark.parametrize("error", [ConnectionRefusedError(), TimeoutError(), asyncssh.PermissionDenied("no")])
async def test_other_failures_are_told_at_once(access, host, error):
    """A key that is refused is not shown again and again: the host might shut us out."""
    turns, limits = host
    turns += [error]
    with pytest.raises(SshFailed):
        await connect(access, seconds=10)
    assert len(limits) == 1


async def test_a_host_is_asked_again_for_the_key_that_it_shows(monkeypatch):
    """It hangs up at random on who has not logged in."""
    key = asyncssh.generate_private_key("ssh-ed25519").convert_to_public()
    turns = [asyncssh.ConnectionLost("gone"), ConnectionResetError(), key]

    async def turn(*_, **__):
        return outcome(turns)

    monkeypatch.setattr(asyncssh, "get_server_host_key", turn)
    monkeypatch.setattr(hanging_up, "AGAIN", (0.01, 0.02))
    assert await shown_host_key("127.0.0.1", 22) == key.export_public_key().decode().strip()
    turns += [asyncssh.ConnectionLost("gone")] * 3
    with pytest.raises(SshFailed) as failed:
        await shown_host_key("127.0.0.1", 22)
    assert failed.value.code == "connection_lost"
