"""Whoever talks with a host hears what happened in words for people, also when the host is gone meanwhile."""

import asyncio
from types import SimpleNamespace

import asyncssh
import pytest

from multiplespawner.ssh_spawner.failing import NotOnHost
from multiplespawner.ssh_spawner.talking import ask
from ssh_streams import Stream


def closed(*_):
    """What asyncssh does where the process has ended."""
    raise BrokenPipeError


def connection(*out, errors=(), status=0, write=lambda data: None):
    """One with a process that writes this."""
    process = SimpleNamespace(
        stdin=SimpleNamespace(write=write),
        stdout=Stream(*out),
        stderr=Stream(*errors),
        close=lambda: None,
        exit_status=status,
        wait_closed=lambda: asyncio.sleep(0),
    )

    async def create_process(command, **given):
        return process

    return SimpleNamespace(create_process=create_process, get_extra_info=lambda name: name)


async def test_the_last_thing_that_is_told_is_the_answer():
    """Whatever else is written around it."""
    out = (b"Welcome\n\n\x1e", b'{"event": "limits", "missing": []}\n\n\x1e{"event": "running"}', b"\nbye")
    assert await ask(connection(*out), {}) == {"event": "running"}


@pytest.mark.parametrize("out", [(), (b'\x1e{"event": "running"}\n',)])
@pytest.mark.parametrize("error", [asyncssh.ConnectionLost("lost"), ConnectionResetError()])
async def test_a_connection_that_is_lost_is_said_so(out, error):
    """With the error that all who ask expect."""
    with pytest.raises(NotOnHost) as failed:
        await ask(connection(*out, error, errors=[error]), {})
    assert failed.value.code == "connection_lost"


@pytest.mark.parametrize("out", [(b"not available\n",), ()])
@pytest.mark.parametrize("write", [lambda data: None, closed])
async def test_what_a_shell_says_is_told(out, write):
    """At either output, also where it has ended before we could say what to do."""
    with pytest.raises(NotOnHost) as failed:
        await ask(connection(*out, errors=[] if out else [b"not available\n"], status=1, write=write), {})
    assert failed.value.code == "account_unusable"
    assert "not available" in failed.value.jupyterhub_message
