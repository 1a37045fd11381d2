"""A notebook stays reachable, also after a moment in which its tunnel could not be opened."""

import errno
import logging

import pytest

from multiplespawner.adapters.outbound.ssh import SshFailed
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
