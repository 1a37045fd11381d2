"""Connections to one host, one after the other: made again whenever the last was lost; on the loop of SSH."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from logging import Logger, LoggerAdapter
from typing import TYPE_CHECKING, Any

from attrs import define, field

from ..adapters.outbound.ssh import SshFailed, connect
from ..adapters.outbound.ssh.failures import RETRIED
from ..application.ports.authenticator import Access
from .failing import NotOnHost, of_ssh
from .pausing import Pause, Pauses
from .settings import Pace

if TYPE_CHECKING:
    import asyncssh

TakeAccess = Callable[[], Awaitable[Access]]
"""Gives the way in, good for one connection; called on the loop of the hub before each."""


@define(eq=False)
class Connections:
    """Has the present one, if any, and all tasks that were begun for it."""

    take_access: TakeAccess = field(repr=False)
    log: "Logger | LoggerAdapter[Any]" = field(repr=False)
    pace: Pace = field(factory=Pace)
    hub_loop: asyncio.AbstractEventLoop = field(factory=asyncio.get_running_loop, repr=False)
    """Made on it."""
    access: Access | None = field(default=None, init=False)
    """That of the last attempt."""
    connection: "asyncssh.SSHClientConnection | None" = field(default=None, init=False, repr=False)
    failure: NotOnHost | None = field(default=None, init=False)
    """Of the last attempt; None if it succeeded."""
    contact: float = field(factory=time.monotonic, init=False)
    """When the host answered last; before the first time, when this was made."""
    closed: bool = field(default=False, init=False)
    _loop: asyncio.AbstractEventLoop | None = field(default=None, init=False, repr=False)
    _tasks: set[asyncio.Task[Any]] = field(factory=set, init=False, repr=False)
    _changed: asyncio.Event = field(factory=asyncio.Event, init=False, repr=False)
    """Set whenever a connection is there or an attempt has failed; then another one takes its place."""
    _wanting: int = field(default=0, init=False)
    """How many want a connection."""
    _wanted: asyncio.Event = field(factory=asyncio.Event, init=False, repr=False)

    async def open(self) -> "asyncssh.SSHClientConnection":
        """Connect for the first time. Raises NotOnHost."""
        self._loop = asyncio.get_running_loop()
        try:
            return await self._connect()
        except Exception as error:
            raise of_ssh(error) from error

    async def connected(self, seconds: float) -> "asyncssh.SSHClientConnection | None":
        """The connection, waiting for the next attempt if there is none; None if that fails."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                if self.connection is None and not self.closed:
                    with self.wanting():
                        await self._changed.wait()
        return self.connection

    @contextmanager
    def wanting(self) -> Iterator[None]:
        """Meanwhile somebody waits for a connection: it is made as soon as may be."""
        self._wanting += 1
        self._wanted.set()
        try:
            yield
        finally:
            self._wanting -= 1
            if not self._wanting:
                self._wanted.clear()

    async def during(self, work: Awaitable[Any]) -> Any:
        """Do what `close` has to wait for."""
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            return await work
        finally:
            self._tasks.discard(task)

    async def close(self) -> None:
        """End all that was begun here, and wait for it (15 s at most); what runs on the host goes on."""
        self.closed = True
        tasks = self._tasks - {asyncio.current_task()}
        for task in tasks:
            # who is cancelled already may have to undo something first
            if not task.cancelling():
                task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=15)
        if self.connection is not None:
            connection, self.connection = self.connection, None
            await _closed(connection)

    def close_soon(self) -> None:
        """Close from any thread, without waiting."""
        if not self.closed:
            self.closed = True
            # without a loop nothing was begun, and nothing will be
            if self._loop is not None:
                self._loop.call_soon_threadsafe(lambda: self._own(self.close()))

    async def held(self, connection: "asyncssh.SSHClientConnection") -> None:
        """Be of use with a connection until it is lost; more is done by who needs more."""
        await connection.wait_closed()

    async def keep_connected(self) -> None:
        """Connect whenever there is no connection, for as long as the hub runs."""
        self._loop, pauses = asyncio.get_running_loop(), Pauses(self.pace)
        while not (self.closed or self.hub_loop.is_closed()):
            try:
                connection = self.connection or await self._connect()
            except Exception as error:
                failure = self._failed(error)
                await self._pause(pauses.after_failure(may_be_over_soon=failure.code in RETRIED))
                continue
            since = time.monotonic()
            await self.held(connection)
            # until now it was there, whether or not anybody asked anything
            self.connection, self.contact = None, time.monotonic()
            self.log.warning("The SSH connection to %s was lost; connecting again.", self.host)
            await self._pause(pauses.after_loss(time.monotonic() - since))

    @property
    def host(self) -> str:
        """Its address, in messages."""
        return self.access.address if self.access else "the host"

    async def _connect(self) -> "asyncssh.SSHClientConnection":
        asked = asyncio.run_coroutine_threadsafe(_awaited(self.take_access), self.hub_loop)
        access = self.access = await asyncio.wrap_future(asked)
        connection = await connect(access, seconds=self.pace.connect, keepalive=self.pace.keepalive)
        if self.closed:
            await _closed(connection)
            raise SshFailed("connection_lost", "It is not needed any more.")
        self.connection, self.failure, self.contact = connection, None, time.monotonic()
        self._tell()
        return connection

    def _failed(self, error: Exception) -> NotOnHost:
        shown = of_ssh(error)
        if str(self.failure) != str(shown):
            self.log.warning("%s", shown)
        self.failure = shown
        self._tell()
        return shown

    def _tell(self) -> None:
        told, self._changed = self._changed, asyncio.Event()
        told.set()

    async def _pause(self, pause: Pause) -> None:
        await asyncio.sleep(pause.wanted)
        with suppress(TimeoutError):
            async with asyncio.timeout(pause.unwanted - pause.wanted):
                await self._wanted.wait()

    def _own(self, work: Any) -> "asyncio.Task[Any]":
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


async def _awaited(take_access: TakeAccess) -> Access:
    return await take_access()


async def _closed(connection: "asyncssh.SSHClientConnection") -> None:
    connection.close()
    with suppress(TimeoutError):
        async with asyncio.timeout(5):
            await connection.wait_closed()
            return
    connection.abort()
