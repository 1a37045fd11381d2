"""Keeps credentials good while somebody enters with them again and again."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from ..failures import kinds
from ..ports.authenticator import Credentials
from ..ports.clock import Clock

_logger = logging.getLogger("multiplespawner.driver")

_SHORTEST = timedelta(seconds=10)
"""Between two renewals, also where the last one failed."""


@asynccontextmanager
async def kept_good(
    credentials: Credentials, renew: Callable[[], Awaitable[Credentials]], clock: Clock
) -> AsyncIterator[None]:
    """Renew credentials whenever half of their time is over, and for certain no more after that.

    Those without an end are left alone. A renewal that fails is logged and tried again.
    """
    if credentials.until is None:
        yield
        return
    renewing = asyncio.create_task(_again_and_again(credentials.until, renew, clock))
    try:
        yield
    finally:
        renewing.cancel()
        # also when we are cancelled meanwhile: what is withdrawn next must not be written again
        await asyncio.gather(renewing, return_exceptions=True)


async def _again_and_again(
    until: datetime | None, renew: Callable[[], Awaitable[Credentials]], clock: Clock
) -> None:
    while until is not None:
        now = clock.now()
        await clock.wait_until(now + max((until - now) / 2, _SHORTEST))
        try:
            until = (await renew()).until
        except Exception as error:
            _logger.warning("Credentials can't be renewed while they are used: %s", kinds(error))
