"""A notebook stays reachable for as long as its link is open, and no longer."""

import asyncio
import errno
import logging

import pytest

from multiplespawner.adapters.outbound.ssh import SshFailed
from multiplespawner.ssh_spawner.failing import NotOnHost
from multiplespawner.ssh_spawner.link import Link
from multiplespawner.ssh_spawner.run import Run
from multiplespawner.ssh_spawner.settings import Hub
from multiplespawner.ssh_spawner.tunnel import Tunnel

RUN = Run("10.0.0.1", 22, "ada", "token-1", "runs", notebook_port=8888)


async def nobody():
    """There is no way in now."""
    raise SshFailed("host_unreachable", "It is off.")


async def test_a_tunnel_that_could_not_be_opened_is_opened_later(monkeypatch):
    """As when all files were open: the notebook runs on, and is not given up for it."""
    opened, answers = Tunnel.open, [OSError(errno.EMFILE, "too many open files")]

    async def scarce(tunnel, wanted=0):
        if answers:
            raise answers.pop()
        return await opened(tunnel, wanted)

    monkeypatch.setattr(Tunnel, "open", scarce)
    link = Link(nobody, logging.getLogger(), hub=Hub("127.0.0.1", 9))
    try:
        with pytest.raises(OSError):  # noqa: PT011 - any
            await link.keep(RUN)
        port = await link.keep(RUN)
        assert port == await link.keep(RUN) == link.local_port != 0
    finally:
        await link.close()


@pytest.mark.parametrize("soon", [True, False])
async def test_a_link_that_was_closed_before_its_first_use_opens_nothing(monkeypatch, soon):
    """Nobody would ever close it."""
    opened = []
    monkeypatch.setattr(Tunnel, "open", lambda tunnel, wanted=0: opened.append(tunnel))
    link = Link(nobody, logging.getLogger(), hub=Hub("127.0.0.1", 9))
    if soon:
        link.close_soon()
    else:
        await link.close()
    assert link.closed
    with pytest.raises(NotOnHost) as refused:
        await link.keep(RUN)
    assert refused.value.code == "connection_lost"
    assert (opened, len(asyncio.all_tasks())) == ([], 1)


async def test_a_link_that_is_closed_while_it_opens_leaves_nothing(monkeypatch):
    """Whoever waits for it is told, and nobody listens."""
    link = Link(nobody, logging.getLogger(), hub=Hub("127.0.0.1", 9))
    keeping = asyncio.create_task(link.keep(RUN))
    await asyncio.sleep(0)
    await link.close()
    with pytest.raises(NotOnHost):
        await keeping
    server = link._tunnel._server
    assert server is None or not server.is_serving()
