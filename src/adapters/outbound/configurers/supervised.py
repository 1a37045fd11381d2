"""A command that leaves nothing behind, whatever happens to it, to us or to the task that waits for it."""

import asyncio
import contextlib
import json
import os
import secrets
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator, Mapping
from pathlib import Path

from attrs import define, field, frozen

from ..ssh.to_the_end import certainly
from .line_splitter import LineSplitter

_KEPT = 16 * 1024
"""Bytes that are kept of what it says to its errors."""
_CHUNK = 64 * 1024


@frozen
class Orders:
    """What is to be run, and how it ends."""

    command: tuple[str, ...]
    environment: Mapping[str, str] = field(repr=False)
    seconds: float
    """Time limit."""
    folder: Path
    """0700; the orders are written there, and it is the working directory."""
    remove: tuple[Path, ...] = ()
    """Folders that go should this process end before the command."""
    farewell: tuple[str, ...] | None = None
    """Run when the command is ended before its time, while OpenSSH's masters are still there; further
    arguments of it are when this began (seconds since 1970), and the numbers of all processes."""
    opening: tuple[str, ...] | None = None
    """Run first; where it fails, its status counts and the command is not run."""


@define
class Supervised:
    """One run of a command."""

    _process: Process
    errors: bytes = b""
    """The end of what it said to its errors."""

    @classmethod
    async def start(cls, orders: Orders) -> "Supervised":
        """Start it; where that is cancelled, it is ended first."""
        starting = asyncio.ensure_future(_start(orders))
        try:
            return cls(await asyncio.shield(starting))
        except asyncio.CancelledError:
            started = cls(await certainly(starting))
            await started.stop()
            raise

    async def lines(self) -> AsyncGenerator[bytes]:
        """What it says, line by line, until it ends; those that are far too long are dropped."""
        assert self._process.stdout
        errors = asyncio.ensure_future(self._listen_to_errors())
        try:
            splitter = LineSplitter()
            while chunk := await self._process.stdout.read(_CHUNK):
                for line in splitter.lines(chunk):
                    yield line
            await errors
        finally:
            errors.cancel()
            # two may not listen at once
            await asyncio.gather(errors, return_exceptions=True)

    async def ended(self) -> int:
        """Its status, once everything that came of it has ended."""
        return await self._process.wait()

    async def stop(self) -> None:
        """End it and wait until nothing of it is left, also when cancelled meanwhile."""
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.terminate()
        await certainly(self._gone())

    async def _gone(self) -> None:
        assert self._process.stdout
        assert self._process.stderr
        # a full pipe would keep it from ending
        for stream in (self._process.stdout, self._process.stderr):
            while await stream.read(_CHUNK):
                pass
        await self._process.wait()

    async def _listen_to_errors(self) -> None:
        assert self._process.stderr
        while chunk := await self._process.stderr.read(_CHUNK):
            self.errors = (self.errors + chunk)[-_KEPT:]


async def _start(orders: Orders) -> Process:
    file = orders.folder / f"orders-{secrets.token_hex(4)}.json"
    await asyncio.to_thread(_write, file, orders)
    program = Path(__file__).with_name("supervisor.py")
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-S", str(program), str(file)),
        stdin=PIPE,
        stdout=PIPE,
        stderr=PIPE,
        cwd=orders.folder,
        env=dict(orders.environment),
        # a Ctrl-C for the hub is none for this
        start_new_session=True,
    )


def _write(file: Path, orders: Orders) -> None:
    text = json.dumps(
        {
            "opening": orders.opening,
            "command": orders.command,
            "seconds": orders.seconds,
            "remove": [str(folder) for folder in orders.remove],
            "farewell": orders.farewell,
        }
    )
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "w") as writing:
        writing.write(text)
