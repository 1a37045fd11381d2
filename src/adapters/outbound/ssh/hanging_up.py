"""Hosts that hang up because many log in at once are tried again."""

import asyncio
import math
import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

from .failures import SshFailed

T = TypeVar("T")

AGAIN = (0.3, 0.7, 1.5, 3.0)
"""Seconds, more or less, until a host is tried again that hung up: while ten others log in, sshd does so to
some at random (MaxStartups 10:30:100). Without, 8 of 40 that entered a host at once were not let in."""


LEAST = 1.0
"""Seconds that another attempt needs: with fewer, a host that is there would be told of as silent."""


async def again_while_hung_up(attempt: Callable[[float], Awaitable[T]], seconds: float) -> T:
    """What an attempt gives that is not hung up on; each is told the seconds that are left.

    An attempt that is hung up on raises SshFailed with the code connection_lost; so does this after the last
    one, or where no time is left.
    """
    loop, pauses = asyncio.get_running_loop(), iter(AGAIN)
    until = loop.time() + seconds
    while True:
        try:
            return await attempt(until - loop.time())
        except SshFailed as error:
            pause = next(pauses, math.inf) * random.uniform(0.5, 1.5)  # noqa: S311 - not a secret
            if error.code != "connection_lost" or loop.time() + pause + LEAST > until:
                raise
        await asyncio.sleep(pause)
