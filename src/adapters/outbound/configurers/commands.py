"""Starts what a run needs, within its time limit; enters the machine again where that hangs up at once."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from typing import TypeVar

from attrs import define, field

from ....application.ports.authenticator import Access
from ..ssh import SshFailed, again_while_hung_up
from .ansible_failures import HUNG_UP, Words, not_installed
from .farewell import farewell
from .run_folder import RunFolder
from .ssh_arguments import SECONDS_TO_CONNECT, to
from .supervised import Orders, Supervised
from .supervisor import NO_PROGRAM, TIMED_OUT

T = TypeVar("T")

_UNREACHED = 255
"""OpenSSH's own status."""


@define
class Commands:
    """Commands of one run, here and on its resource."""

    _access: Access
    _folder: RunFolder
    _words: Words
    _seconds: float
    """Time limit for all of them."""
    environment: Mapping[str, str] = field(init=False, repr=False, factory=dict)
    _until: float = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._until = asyncio.get_running_loop().time() + self._seconds

    async def said(self, command: tuple[str, ...]) -> tuple[int, str, str]:
        """Status, output and errors of a command here. Raises ConfigurationFailed."""
        running = await self._started(command)
        try:
            async with aclosing(running.lines()) as lines:
                said = b"\n".join([line async for line in lines])
            status = await running.ended()
        finally:
            await running.stop()
        if status == TIMED_OUT:
            raise self._words.time_limit(self._seconds, None)
        return status, said.decode(errors="replace"), running.errors.decode(errors="replace")

    async def asked(self, question: str) -> str:
        """What a command writes there. Raises ConfigurationFailed."""

        async def ask() -> str:
            status, said, errors = await self.said(self._on_resource(question))
            if status in (_UNREACHED, NO_PROGRAM):
                raise self._not_entered(status, errors)
            return said

        return await self._again(ask)

    async def begun(
        self, command: tuple[str, ...], python: str
    ) -> tuple[Supervised, AsyncGenerator[bytes, None]]:
        """A command here that was started when the machine had let in: it, and the lines that it says.

        It finds that connection where those of the run lie, and should it be ended before its time, `python`
        there sees to what it had begun. Raises ConfigurationFailed.
        """
        last = farewell(self._folder.ssh(self._access), to(self._access), python)

        async def begin() -> tuple[Supervised, AsyncGenerator[bytes, None]]:
            # Ansible itself would try once, or else repeat whole tasks
            running = await self._started(command, self._on_resource("echo"), last)
            lines = running.lines()
            try:
                if await anext(lines, None) is not None:
                    return running, lines
                raise self._not_entered(await running.ended(), running.errors.decode(errors="replace"))
            except BaseException:
                await lines.aclose()
                await running.stop()
                raise

        return await self._again(begin)

    async def _again(self, attempt: Callable[[], Awaitable[T]]) -> T:
        try:
            return await again_while_hung_up(lambda _: attempt(), SECONDS_TO_CONNECT)
        except SshFailed as error:
            raise self._words.unreachable(str(error)) from error

    def _not_entered(self, status: int, errors: str) -> Exception:
        if status == TIMED_OUT:
            return self._words.time_limit(self._seconds, None)
        if status == NO_PROGRAM:
            return not_installed("ssh")
        if HUNG_UP in errors:
            return SshFailed("connection_lost", errors)
        return self._words.unreachable(errors)

    async def _started(
        self,
        command: tuple[str, ...],
        opening: tuple[str, ...] | None = None,
        last: tuple[str, ...] | None = None,
    ) -> Supervised:
        left = self._until - asyncio.get_running_loop().time()
        if left <= 0:
            raise self._words.time_limit(self._seconds, None)
        folder = self._folder
        return await Supervised.start(
            Orders(command, self.environment, left, folder.folder, folder.all(), last, opening)
        )

    def _on_resource(self, command: str) -> tuple[str, ...]:
        return ("ssh", *self._folder.ssh(self._access), *to(self._access), command)
