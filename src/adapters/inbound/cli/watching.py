"""Tells what the configuration's files say, again at each change."""

import asyncio
from collections.abc import Callable
from typing import NoReturn

from ....application.ports.configuration import Configuration, Configurations

EVERY = 0.5
"""Seconds between two looks at the files."""


async def watch(configurations: Configurations, tell: Callable[[Configuration], None]) -> NoReturn:
    """Tell what is there, and what comes, with or without errors; until cancelled."""
    told: Configuration | None = None
    while True:
        read = configurations.refused or configurations.current
        if read is not told:
            tell(read)
            told = read
        await asyncio.sleep(EVERY)
        await configurations.refresh()
