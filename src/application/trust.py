"""Trust: nothing is started, ended or destroyed on the word of a log that may be a copy."""

import asyncio
import logging

from ..domain.refusals import Refusal
from .ports.custody import Custody
from .ports.event_log import EventLog

_logger = logging.getLogger("multiplespawner.trust")


class LogNotTrusted(Refusal):
    """The log may be a copy or restored: until an administrator adopts it, it is only observed."""

    code = "log_not_trusted"

    def __init__(self) -> None:
        super().__init__("Servers can't be started now: the event log has to be adopted by an administrator.")


class Trust:
    """Asks the custody once, when first needed; a log in doubt stays in doubt until the next process."""

    def __init__(self, log: EventLog, custody: Custody) -> None:
        self._log = log
        self._custody = custody
        self._asked = False
        self._asking = asyncio.Lock()
        self._doubt: str | None = None

    async def doubt(self) -> str | None:
        """Why the log is only observed; None if it is trusted. Raises CustodyUnavailable, LogUnavailable."""
        async with self._asking:
            if not self._asked:
                await self._ask()
        return self._doubt

    async def require(self) -> None:
        """Raise LogNotTrusted unless the log is trusted."""
        if await self.doubt() is not None:
            raise LogNotTrusted

    async def keep(self) -> None:
        """Remember how far the trusted log has come."""
        if await self.doubt() is None:
            await self._custody.saw(self._log.owner, await self._log.position())

    async def _ask(self) -> None:
        self._doubt = await self._custody.doubt(self._log.owner, await self._log.position())
        self._asked = True
        if self._doubt is not None:
            _logger.error(
                "The event log is only observed, nothing is started or given back: %s. If it is the "
                "right and newest log, and no other hub uses another copy of it: multiplespawner adopt",
                self._doubt,
            )
