"""What is taken of everything shared, such as the sessions of a pool."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager

from attrs import define, field

from ...domain.allowance import Allowance, AllowanceFact, fold
from ..ports.event_log import EventLog
from .reading import pages_of_stream


@define(eq=False)
class Taken:
    """What is taken of one thing shared, and how many facts of its stream say so."""

    allowance: Allowance = field(factory=Allowance)
    version: int = 0
    turn: asyncio.Lock = field(factory=asyncio.Lock)


class Shared:
    """Follows the streams of what is shared: the first look reads all of one, later ones only what is new."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._taken: dict[str, Taken] = {}

    @asynccontextmanager
    async def in_turn(self, streams: Iterable[str]) -> AsyncIterator[None]:
        """One at a time in this process: those that want the same do not clash with each other."""
        async with AsyncExitStack() as stack:
            # always in the same order, so that nobody waits in a circle
            for stream in sorted(streams):
                await stack.enter_async_context(self._of(stream).turn)
            yield

    async def now(self, stream: str) -> Taken:
        """What is taken now, for whoever has its turn. Raises LogUnavailable, LogDamaged."""
        taken = self._of(stream)
        async for page in pages_of_stream(self._log, stream, taken.version):
            facts = [record.fact for record in page if isinstance(record.fact, AllowanceFact)]
            taken.allowance = fold(taken.allowance, facts)
            taken.version = page[-1].version
        return taken

    def _of(self, stream: str) -> Taken:
        return self._taken.setdefault(stream, Taken())
