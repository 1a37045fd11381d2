"""Commands that run on a host; what nobody waits for any more is ended."""

import asyncio
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


def _closed(making: "asyncio.Future[asyncssh.SSHClientProcess[Any]]") -> None:
    # asked for its error, or asyncio would complain that nobody heard of it
    if not making.cancelled() and making.exception() is None:
        making.result().close()
