"""What a host says to a question is told, whatever it hears of it."""

from types import SimpleNamespace

import pytest

from multiplespawner.adapters.outbound.providers.hosts import asking
from ssh_streams import Stream


async def test_a_shell_that_has_ended_before_it_was_asked_is_heard():
    """As one does that runs nothing for anybody."""

    def write(data):
        raise BrokenPipeError

    process = SimpleNamespace(
        stdin=SimpleNamespace(write=write), stdout=Stream(b"not available\n"), close=lambda: None
    )

    async def create_process(command, **given):
        return process

    connection = SimpleNamespace(create_process=create_process, is_closed=lambda: False)
    question = asking.Question("leases", "here", seconds=5)
    with pytest.raises(asking.HostFailed, match="not available"):
        await asking.ask(connection, [question], begin=5)
