"""The connection to one host: kept for a moment, since a login costs more than what is asked."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING

from attrs import define, field

from .....application.ports.authenticator import Access
from ...ssh import SshFailed, connect, on_ssh_loop
from .asking import Answer, HostSilent, Question, ask

if TYPE_CHECKING:
    import asyncssh

IDLE = 5.0
"""Seconds for which nobody asks until it is closed."""

Enter = Callable[[], AbstractAsyncContextManager[Access]]
"""Makes the files for one login."""


@define(eq=False)
class Line:
    """Asks over the connection that there is, or logs in; what is asked must be safe to repeat."""

    login: float
    """Seconds to connect and log in, and for a kept connection to show that it still is one."""
    _kept: "asyncssh.SSHClientConnection | None" = field(default=None, init=False)
    """Only touched on the loop for SSH, as the two below."""
    _asking: int = field(default=0, init=False)
    _end: asyncio.TimerHandle | None = field(default=None, init=False)

    async def ask(self, questions: Sequence[Question], enter: Enter) -> tuple[Answer, ...]:
        """One after the other. Raises SshFailed, HostFailed, and what entering raises."""
        answers = await on_ssh_loop(self._ask_over_kept(questions))
        if answers is not None:
            return answers
        async with enter() as access:
            return await on_ssh_loop(self._ask_over_new(questions, access))

    async def _ask_over_kept(self, questions: Sequence[Question]) -> tuple[Answer, ...] | None:
        """None where there is no connection any more."""
        if self._kept is None or self._kept.is_closed():
            return None
        try:
            return await self._ask(self._kept, questions)
        except SshFailed:
            return None

    async def _ask_over_new(self, questions: Sequence[Question], access: Access) -> tuple[Answer, ...]:
        connection = await connect(access, seconds=self.login)
        if self._kept is None or self._kept.is_closed():
            self._kept = connection
        try:
            return await self._ask(connection, questions)
        finally:
            if connection is not self._kept:
                connection.abort()

    async def _ask(
        self, connection: "asyncssh.SSHClientConnection", questions: Sequence[Question]
    ) -> tuple[Answer, ...]:
        self._asking += 1
        if self._end is not None:
            self._end.cancel()
        try:
            return await ask(connection, questions, begin=self.login)
        except (SshFailed, HostSilent):
            self._hang_up(connection)
            raise
        finally:
            self._asking -= 1
            if not self._asking and self._kept is not None:
                self._end = asyncio.get_running_loop().call_later(IDLE, self._hang_up, self._kept)

    def _hang_up(self, connection: "asyncssh.SSHClientConnection") -> None:
        if self._kept is connection:
            self._kept = None
        connection.abort()
