"""Commands that run on a host; what nobody waits for any more is ended."""

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import asyncssh


async def process_on(
    connection: "asyncssh.SSHClientConnection", command: str, **given: Any
) -> "asyncssh.SSHClientProcess[Any]":
    """Run a command through a connection; on the loop of SSH.

    `given` is what asyncssh's `create_process` takes, and it raises what that raises. Who is cancelled while
    the host has not answered leaves no session behind: asyncssh alone would keep it open for as long as the
    connection is, and hosts permit ten (MaxSessions).
    """
    making = asyncio.ensure_future(connection.create_process(command, **given))
    try:
        return await asyncio.shield(making)
    except asyncio.CancelledError:
        making.add_done_callback(_closed)
        raise


def say_to(process: "asyncssh.SSHClientProcess[Any]", said: Any, *, last: bool = False) -> None:
    """Write to it; after the `last` its input ends.

    One that has ended already, as a shell does that runs nothing for anybody, doesn't hear it: how it ended
    tells more than that it could not be written to.
    """
    with suppress(OSError):
        process.stdin.write(said)
        if last:
            process.stdin.write_eof()


def _closed(making: "asyncio.Future[asyncssh.SSHClientProcess[Any]]") -> None:
    # asked for its error, or asyncio would complain that nobody heard of it
    if not making.cancelled() and making.exception() is None:
        making.result().close()
