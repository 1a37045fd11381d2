"""Starts a notebook through a link, step by step; on the loop of SSH. What is not finished is undone."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING, Any

from attrs import define, field

from ..adapters.outbound.ssh import has_gone
from .answers import Told
from .failing import TEXTS, NotOnHost, failure
from .link import Link
from .living import socket_of
from .run import Run
from .talking import Talk
from .tunnel import LOOPBACK

if TYPE_CHECKING:
    import asyncssh

Say = Callable[[int, str], None]
"""Takes a percentage and a sentence for the user."""

UNDONE = 12.0
"""Seconds in which the host undoes a start; it does so too where we don't wait."""


@define(eq=False)
class Launch:
    """One start."""

    link: Link
    run: Run
    request: Mapping[str, Any] = field(repr=False)
    """For the host; holds secrets."""
    path: str
    """Where the host looks for programs."""
    say: Say = field(repr=False)
    asked_to_keep: bool = field(default=False, init=False)
    """From then on it runs even if we hear no more of it."""

    async def begin(self) -> Run:
        """Start the notebook, its tunnels and all; returns once it can be reached. Raises NotOnHost."""
        import asyncssh

        connection = self.link.connection
        assert connection is not None
        talk = await Talk.begin(connection, self.request, mark=self.run.token, path=self.path)
        try:
            return await self._followed(talk, connection)
        except NotOnHost as error:
            if error.code != "forwarding_refused":
                raise
            talk.hang_up()
            # what can't be led to may have ended, and its end is on its way to us
            if (ended := await self._undone(talk)) is None:
                raise
            raise ended from error
        except (OSError, asyncssh.Error) as error:
            raise failure("connection_lost", host=self.run.host, why=type(error).__name__) from error
        finally:
            talk.hang_up()
            if not self.asked_to_keep:
                await self._undone(talk)
            talk.close()

    async def _followed(self, talk: Talk, connection: "asyncssh.SSHClientConnection") -> Run:
        async with aclosing(talk.lines()) as lines:
            async for told in lines:
                if told["event"] == "limits":
                    self._tell_of_limits(told)
                elif told["event"] == "started":
                    self.run = self.run.started(told)
                    self.say(50, f"The notebook was started on {self.run.host}.")
                    await self.link.lead_to_hub(self.run.sockets)
                elif told["event"] == "listening":
                    await self._reach(connection)
                    self.asked_to_keep = True
                    talk.say("keep")
                elif told["event"] == "kept":
                    self.say(95, "The notebook can be reached.")
                    return self.run
                else:
                    raise self._refused(told)
        raise failure("connection_lost", host=self.run.host, why="it ended while the notebook was starting")

    async def _reach(self, connection: "asyncssh.SSHClientConnection") -> None:
        import asyncssh

        try:
            there, _ = await connection.create_connection(
                asyncssh.SSHTCPSession, LOOPBACK, self.run.notebook_port
            )
            lives, _ = await connection.create_unix_connection(asyncssh.SSHUNIXSession, socket_of(self.run))
        except asyncssh.ChannelOpenError as error:
            code = "connection_lost" if await has_gone(connection) else "forwarding_refused"
            raise failure(code, host=self.run.host, user=self.run.user, why=error.reason) from error
        for channel in (there, lives):
            channel.abort()
        await self.link.keep(self.run)
        self.say(80, "The tunnels between the hub and the notebook are there.")

    def _tell_of_limits(self, told: Told) -> None:
        if told["missing"]:
            what = " and ".join(told["missing"])
            self.link.log.warning("The notebook's %s can't be limited on %s.", what, self.run.host)
            self.say(
                40, f"The host {self.run.host} can't limit the notebook's {what}: it runs without a limit."
            )

    def _refused(self, told: Told) -> Exception:
        host, user = self.run.host, self.run.user
        if told["event"] == "ended":
            why, tail = told["status"], _without(told["tail"], self.request["environment"])
            log = f"Its last lines:\n{tail}"
            return failure("notebook_ended", host=host, why="unknown" if why is None else why, log=log)
        code = str(told.get("code"))
        if code not in TEXTS:
            return failure("connection_lost", host=host, why=f"{told['event'][:40]} was not expected")
        return failure(code, host=host, user=user, why=told["why"][:1000])

    async def _undone(self, talk: Talk) -> Exception | None:
        """Why it had ended before it was to be undone; None where it had not."""
        why: Exception | None = None
        # a second cancelling ends the waiting, not what the host does
        with suppress(Exception):
            async with asyncio.timeout(UNDONE):
                async for told in talk.lines():
                    if told["event"] in ("ended", "failed"):
                        why = self._refused(told)
        return why


def _without(text: str, environment: Mapping[str, str]) -> str:
    """The text without values of the environment: some are secrets."""
    for value in sorted({each for each in environment.values() if len(each) >= 8}, key=len, reverse=True):
        text = text.replace(value, "…")
    return text
