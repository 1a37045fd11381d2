"""What a shell offers while a command is typed; where anything is amiss, nothing."""

import asyncio
import io
import shlex
from collections.abc import Awaitable, Callable, Mapping
from contextlib import redirect_stderr
from pathlib import Path
from typing import Any

from ....application.ports.event_log import EventLog
from ....application.views.history import History, Told
from ....application.views.wanted import Wanted
from ....bootstrap import Settings
from ....bootstrap.reading import Reading, open_reading
from ....domain.catalogue import FACTS
from .finding import families
from .people import People

SOME = 50
"""Sessions looked at, the latest ones: a few milliseconds."""

Given = Mapping[str, Any]
"""The options that were typed before, by the names of the command's parameters."""


def ids(kind: str, given: Given, begun: str) -> list[str]:
    """Ids of a `session` or `resource` that begin so; of nothing begun, the latest."""

    async def found(reading: Reading) -> list[str]:
        if not begun:
            return [getattr(told.subject, kind) for told in await _latest(reading.log)]
        streams = await reading.log.streams(f"{kind}:{begun}", SOME)
        return [stream.partition(":")[2] for stream in streams]

    return _ask(given, found)


def users(given: Given, begun: str) -> list[str]:
    """Names that begin so, of the latest sessions' users; those only that a shell takes as they are.

    What is offered goes through `eval` in zsh, and into the command line as it is in all.
    """

    async def found(reading: Reading) -> list[str]:
        people = People(reading.names)
        subjects = [told.subject for told in await _latest(reading.log)]
        names = [await people.name(subject.hub, subject.user) for subject in subjects]
        known = [name for name in dict.fromkeys(names) if name is not None and name.startswith(begun)]
        return [name for name in known if shlex.quote(name) == name]

    return _ask(given, found)


def facts(begun: str) -> list[str]:
    """Names and families of facts that begin so."""
    return [name for name in (*families(), *FACTS) if name.startswith(begun)]


async def _latest(log: EventLog) -> list[Told]:
    history = History(log, Wanted(names=("session.requested",), last=SOME))
    return [told async for told in history.until(await log.position())][::-1]


def _ask(given: Given, question: Callable[[Reading], Awaitable[list[str]]]) -> list[str]:
    directory = Path(given.get("directory") or "~/.multiplespawner").expanduser()
    settings = Settings(directory=directory, event_log=given.get("event_log") or "")

    async def ask() -> list[str]:
        reading = await asyncio.to_thread(open_reading, settings)
        try:
            return await question(reading)
        finally:
            await reading.log.close()

    try:
        with redirect_stderr(io.StringIO()):
            return asyncio.run(ask())
    except Exception:
        return []  # nobody wants to read of it while typing; the command itself says it
