"""One notebook on a host: asked after, ended, found again after the hub was restarted."""

import asyncio
import time
import weakref
from typing import Any

from attrs import define, field

from ..adapters.outbound.ssh import on_ssh_loop
from .answers import Told
from .failing import failure, of_ssh
from .link import Link
from .run import Run
from .talking import ask

ANSWER = 8.0
"""Seconds for an answer to whether a notebook runs; without one by then, it is not known."""
CONNECT = 25.0
"""Seconds in which a host is entered for an end, or can't be."""
ENDING = 60.0
"""Seconds for it beyond the patience with which a notebook is asked to end."""
FORSAKEN = 1
"""Exit status of a notebook that was not heard of for the whole grace."""


@define(eq=False)
class Notebook:
    """Used on the loop of the hub; its link lives on the loop of SSH."""

    run: Run
    link: Link
    path: str
    """Where the host looks for python3."""
    grace: float
    """Seconds without a word of the notebook or its host after which it is given up."""
    status: int | None = field(default=None, init=False)
    """Exit status once it is known to be gone; 0 if the host doesn't know it."""

    was_heard: bool = field(default=True, init=False)
    """Whether the host itself said that it is gone."""
    _silence_said: bool = field(default=False, init=False)

    def belongs_to(self, owner: object) -> None:
        """Let go of it once nobody has its owner any more: JupyterHub drops spawners without a word."""
        weakref.finalize(owner, self.link.close_soon).atexit = False

    async def poll(self) -> int | None:
        """None while it runs, or while that can't be known; its exit status afterwards. Never raises."""
        if self.status is None:
            try:
                async with asyncio.timeout(ANSWER):
                    self._hear(await on_ssh_loop(self._asked({"do": "status", **self.run.named()}, ANSWER)))
            except Exception as error:
                self._not_heard(error)
        return self.status

    async def end(self, patience: float) -> int:
        """End it and all that it began; returns its exit status. Gone already is success.

        Raises NotOnHost where that can't be done, or not be known: try again.
        """
        if self.status is None:
            request = {"do": "stop", **self.run.named(), "patience": patience}
            try:
                async with asyncio.timeout(CONNECT + patience + ENDING):
                    told = await on_ssh_loop(self._asked(request, CONNECT))
            except TimeoutError as error:
                raise failure("connection_lost", host=self.run.host, why="no answer to its end") from error
            self._hear(told)
            if self.status is None:
                raise failure("still_running", host=self.run.host, why=told.get("count", "some"))
        return self.status

    async def port(self) -> int:
        """Port of this machine's loopback that leads to it."""
        return await on_ssh_loop(self.link.keep(self.run))

    async def settled(self) -> None:
        """Wait until its host was heard of, or the grace is over."""
        while self.status is None and self.link.connection is None and not self.link.closed:
            if await self.poll() is None:
                await on_ssh_loop(self.link.connected(ANSWER))

    async def let_go(self) -> None:
        """End what was begun here for it; it goes on."""
        await on_ssh_loop(self.link.close())

    async def _asked(self, request: dict[str, Any], seconds: float) -> Told:
        try:
            await self.link.keep(self.run)
        except OSError as error:
            why = f"no tunnel to it can be opened here ({error.strerror})"
            raise failure("connection_lost", host=self.run.host, why=why) from error
        connection = await self.link.connected(seconds)
        if connection is None:
            raise self.link.failure or failure(
                "connection_lost", host=self.run.host, why="it is not there yet"
            )
        told = await ask(connection, request, path=self.path)
        self.link.contact, self._silence_said = time.monotonic(), False
        return told

    def _hear(self, told: Told) -> None:
        if told["event"] == "gone":
            status = told["status"]
            self.status = 0 if status is None else int(status)

    def _not_heard(self, error: Exception) -> None:
        if self.link.lives:
            # the host is slow, or its Python is gone; whoever uses the notebook may notice nothing
            self.link.contact = time.monotonic()
            if not self._silence_said:
                self.link.log.warning(
                    "The host %s does not say how the notebook is; it lives. %s",
                    self.run.host,
                    str(error) or type(error).__name__,
                )
                self._silence_said = True
            return
        silent = time.monotonic() - self.link.contact
        if silent > self.grace:
            self.link.log.error(
                "The notebook on %s is given up: its host was not heard of for %d s. %s",
                self.run.host, silent, of_ssh(error),
            )  # fmt: skip
            self.status, self.was_heard = FORSAKEN, False
