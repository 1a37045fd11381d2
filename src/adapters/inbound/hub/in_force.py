"""The configuration that is in force, seen to by a hub: looked at, told and recorded."""

import asyncio
import logging
from contextlib import suppress

from ....application.failures import kinds
from ....application.house import House
from ....application.ports.configuration import Configuration
from ....application.ports.custody import CustodyUnavailable
from ....application.ports.event_log import LogUnavailable

_logger = logging.getLogger("multiplespawner.configuration")

LOOK_EVERY = 0.5
"""Seconds between two looks at the files."""


async def in_force(house: House) -> Configuration:
    """What may be chosen from now; recorded, if the log can be written, before any session that it allows."""
    await house.refresh_configuration()
    with suppress(LogUnavailable, CustodyUnavailable):
        if await house.trust.doubt() is None:
            await house.record_configuration()
    return house.ports.configurations.current


async def follow(house: House) -> None:
    """Look at the files again and again, until cancelled."""
    while True:
        await asyncio.sleep(LOOK_EVERY)
        try:
            await in_force(house)
        except Exception as error:
            _logger.error("The configuration could not be seen to, it is tried again: %s", kinds(error))
