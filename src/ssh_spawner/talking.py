"""Runs our program on a host through a connection, and reads what it tells; on the loop of SSH."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from attrs import define, field

from ..adapters.outbound.ssh import has_gone, process_on, say_to
from .answers import Told, understood
from .failing import failure
from .hearing import Lines, last_of
from .on_host.main import PREFIX
from .program import COMMAND, OLD, spoken

if TYPE_CHECKING:
    import asyncssh

NOISE = 300
"""Bytes that are told of what the account's shell or an error wrote."""


@define(eq=False)
class Talk:
    """One run of the program; to be closed."""

    _process: "asyncssh.SSHClientProcess[bytes]"
    host: str
    user: str
    _begun: bool = field(default=False, init=False)
    _lines: Lines = field(init=False)
    _errors: asyncio.Task[bytes] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._lines = Lines(self._process.stdout, PREFIX.encode())
        # read from the beginning: neither output goes on once one of them is full
        self._errors = asyncio.create_task(last_of(self._process.stderr, NOISE))

    @classmethod
    async def begin(
        cls, connection: "asyncssh.SSHClientConnection", request: Mapping[str, Any], *, mark: str, path: str
    ) -> "Talk":
        """Send the program and a request; marks what is started with `mark`. Raises NotOnHost."""
        import asyncssh

        host, user = connection.get_extra_info("host"), connection.get_extra_info("username")
        try:
            process = await process_on(connection, COMMAND, encoding=None)
        except asyncssh.ChannelOpenError as error:
            code = "connection_lost" if await has_gone(connection) else "account_unusable"
            raise failure(code, host=host, user=user, why=error.reason) from error
        except (OSError, asyncssh.Error) as error:
            raise failure("connection_lost", host=host, why=type(error).__name__) from error
        say_to(process, spoken(request, mark, path))
        return cls(process, host, user)

    def say(self, word: str) -> None:
        """Say a word to it; a host that is gone doesn't hear it."""
        say_to(self._process, word.encode() + b"\n")

    def hang_up(self) -> None:
        """End its input: what it began and was not told to keep, it undoes."""
        with suppress(OSError):
            self._process.stdin.write_eof()

    def close(self) -> None:
        """Hear no more of it."""
        self._errors.cancel()
        self._process.close()

    async def lines(self) -> AsyncGenerator[Told]:
        """Yield what it tells, until it ends. Raises NotOnHost where it could not begin or was lost."""
        while (line := await self._line()) is not None:
            self._begun = True
            yield self._understood(line.decode("utf-8", "replace").partition(PREFIX)[2])
        if not self._begun:
            raise self._not_begun(await self._errors)

    async def _line(self) -> bytes | None:
        import asyncssh

        try:
            line = await self._lines.next()
            if line is None:
                await self._process.wait_closed()
        except (OSError, asyncssh.Error) as error:
            raise failure("connection_lost", host=self.host, why=type(error).__name__) from error
        return line

    def _understood(self, text: str) -> Told:
        try:
            return understood(text)
        except ValueError as error:
            why = "what is said in its place can't be understood"
            raise failure("connection_lost", host=self.host, why=why) from error

    def _not_begun(self, errors: bytes) -> Exception:
        status = self._process.exit_status
        said = _text(errors) or _text(self._lines.other[:NOISE])
        if status is None:
            return failure("connection_lost", host=self.host, why="it ended while we talked")
        if status == OLD:
            return failure("no_python", host=self.host, why=said or "none was found")
        why = said or f"its shell ends with status {status}"
        return failure("account_unusable", host=self.host, user=self.user, why=why)


def _text(said: bytes) -> str:
    return said.decode("utf-8", "replace").strip()


async def ask(
    connection: "asyncssh.SSHClientConnection", request: Mapping[str, Any], *, path: str = ""
) -> Told:
    """The last thing that it tells. Raises NotOnHost."""
    talk = await Talk.begin(connection, request, mark="", path=path)
    last: Told = {}
    try:
        async for told in talk.lines():
            last = told
    finally:
        talk.close()
    if not last:
        raise failure("connection_lost", host=talk.host, why="it told nothing")
    return last
