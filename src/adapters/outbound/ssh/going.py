"""Connections that have gone, which asyncssh tells late and in a host's words."""

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncssh


async def has_gone(connection: "asyncssh.SSHClientConnection") -> bool:
    """Whether it is lost or closed; to be asked where something was refused that was to be opened through it.

    asyncssh says of what was being opened then that it was refused, as if it were the host's answer.
    """
    # it closes one turn of the loop after it has begun to refuse
    await asyncio.sleep(0)
    return connection.is_closed()
