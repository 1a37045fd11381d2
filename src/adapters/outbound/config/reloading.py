"""Reads the configuration again when its files change, and keeps the last one without errors."""

import asyncio
import logging
import os
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Thread
from typing import TypeVar

from attrs import define, field

from ....application.failures import kinds
from ....application.ports.configuration import Configuration

_logger = logging.getLogger("multiplespawner.configuration")

_T = TypeVar("_T")

PATIENCE = 1.0
"""Seconds that somebody waits for a look at the files: a disk over the network may never answer."""

SETTLED_AFTER = 0.4
"""Seconds without a change after which files count as wholly written."""

THREAD = "multiplespawner configuration"
"""Name of the thread that looks."""


@define(eq=False)
class ReloadingConfigurations:
    """Satisfies the port Configurations; blocks while it is made, since it reads the files."""

    _files: Callable[[], Iterable[Path]]
    """Which files are the configuration now."""
    _load: Callable[[], Configuration]
    current: Configuration = field(init=False)
    refused: Configuration | None = field(default=None, init=False)
    _stamps: tuple[object, ...] = field(init=False)
    """How the files looked when they were read last."""
    _changed: float = field(init=False, factory=time.monotonic)
    """When they were first seen to look so."""
    _is_settled: bool = field(default=True, init=False)
    """Whether they were read again some time after that, without a change in between."""
    _look: asyncio.Future[Configuration | None] | None = field(default=None, init=False)
    """The one that is under way; None when none is."""
    _began: float = field(default=0.0, init=False)
    _is_late: bool = field(default=False, init=False)
    """Whether it was told that it takes long."""

    def __attrs_post_init__(self) -> None:
        self._stamps = self._stamped()
        self.current = self._load()

    async def refresh(self) -> bool:
        """Look at the files; at most one look is under way, whoever asks."""
        before = self.current, self.refused
        if self._look is not None:
            # it may have begun before the edit that whoever asks has just made
            await self._looked()
        await self._looked()
        return self.current is not before[0] or self.refused is not before[1]

    async def _looked(self) -> None:
        look = self._look or self._begin()
        left = self._began + PATIENCE - time.monotonic()
        _, late = await asyncio.wait({look}, timeout=max(0, left))
        if late and not self._is_late:
            self._is_late = True
            _logger.warning("The configuration is not read after %g s, what is in force stays.", PATIENCE)

    def _begin(self) -> asyncio.Future[Configuration | None]:
        self._began, self._is_late = time.monotonic(), False
        self._look = _in_a_thread(self._read_if_due)
        self._look.add_done_callback(self._take)
        return self._look

    def _read_if_due(self) -> Configuration | None:
        """In the thread: what they say if they have changed, and once more when they have settled."""
        stamps, now = self._stamped(), time.monotonic()
        if stamps != self._stamps:
            self._stamps, self._changed, self._is_settled = stamps, now, False
        elif self._is_settled or now < self._changed + SETTLED_AFTER:
            return None
        else:
            self._is_settled = True
        return self._load()

    def _take(self, look: asyncio.Future[Configuration | None]) -> None:
        self._look = None
        if (error := look.exception()) is not None:
            _logger.error("The configuration can't be read again: %s", kinds(error))
        elif (read := look.result()) is None:
            return
        elif read == self.current:
            self.refused = None
        elif read.is_sound:
            self.current, self.refused = read, None
        elif self._is_settled and read != self.refused:
            self.refused = read

    def _stamped(self) -> tuple[object, ...]:
        return tuple(_stamp(file) for file in self._files())


def _stamp(file: Path) -> object:
    """What changes when a file is written, replaced, or made readable; of what a link leads to."""
    try:
        found = os.stat(file)
    except (OSError, ValueError) as error:
        return str(file), type(error)
    return str(file), found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _in_a_thread(work: Callable[[], _T]) -> asyncio.Future[_T]:
    """Have it done in a thread of its own, for which the end of the process does not wait."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[_T] = loop.create_future()

    def run() -> None:
        try:
            tell = partial(answer.set_result, work())
        except BaseException as error:
            # also what foreign code leaves with while it is imported: somebody waits for an answer
            tell = partial(answer.set_exception, error)
        # the loop may have ended meanwhile
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(tell)

    Thread(target=run, name=THREAD, daemon=True).start()
    return answer
