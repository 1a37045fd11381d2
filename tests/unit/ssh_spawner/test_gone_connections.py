"""A connection that is lost while something is opened through it is told so, not as the host's refusal."""

import asyncio
import logging

import pytest

from multiplespawner.ssh_spawner.failing import NotOnHost
from multiplespawner.ssh_spawner.launching import Launch
from multiplespawner.ssh_spawner.link import Link
from multiplespawner.ssh_spawner.run import Run
from multiplespawner.ssh_spawner.settings import Hub
from multiplespawner.ssh_spawner.talking import ask
from silent_sshd import silent_sshd

RUN = Run("10.0.0.1", 22, "ada", "token-1", "runs", notebook_port=8888)


def link_over(connection):
    async def nobody():
        raise AssertionError

    link = Link(nobody, logging.getLogger(), hub=Hub("127.0.0.1", 9))
    link.connection = connection
    return link


OPENS = {
    "a question": lambda connection: ask(connection, {}),
    "the way to the hub": lambda connection: link_over(connection).lead_to_hub("/x"),
    "the way to the notebook": lambda connection: Launch(
        link_over(connection), RUN, {}, "", lambda *_: None
    )._reach(connection),
}


@pytest.mark.parametrize("opening", OPENS.values(), ids=OPENS)
@pytest.mark.parametrize("gone_before", [True, False])
async def test_what_could_not_be_opened_was_not_refused(opening, gone_before):
    """Whether it was gone already or went while the host had not answered."""
    async with silent_sshd() as connect, connect() as connection:
        if gone_before:
            connection.abort()
        asking = asyncio.create_task(opening(connection))
        if not gone_before:
            waiting = asyncio.wait({asking}, timeout=0.2)
            assert not (await waiting)[0]
            connection.abort()
        with pytest.raises(NotOnHost) as failed:
            await asking
    assert failed.value.code == "connection_lost"
