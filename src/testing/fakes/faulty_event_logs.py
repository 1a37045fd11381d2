"""Event logs that fail in the ways that real ones do."""

from collections.abc import Callable, Collection, Sequence

from ...application.ports.event_log import Change, EventLog, Head, LogUnavailable, Origin, Record


class LogInFront:
    """Hands everything on to another log; a subclass breaks something."""

    def __init__(self, log: EventLog) -> None:
        self._log = log

    @property
    def owner(self) -> str:
        """Owner of the log behind."""
        return self._log.owner

    async def append(self, changes: Sequence[Change], origin: Origin) -> tuple[Record, ...]:
        """Append to the log behind."""
        return await self._log.append(changes, origin)

    async def read(self, stream: str, after: int = 0, limit: int | None = None) -> tuple[Record, ...]:
        """Read a stream of the log behind."""
        return await self._log.read(stream, after, limit)

    async def read_all(
        self, after: int = 0, limit: int = 1000, names: Collection[str] = ()
    ) -> tuple[Record, ...]:
        """Read the log behind."""
        return await self._log.read_all(after, limit, names)

    async def heads(self, names: Collection[str], after: int, limit: int) -> tuple[Head, ...]:
        """Where facts lie in the log behind."""
        return await self._log.heads(names, after, limit)

    async def streams(self, prefix: str, limit: int) -> tuple[str, ...]:
        """Names of streams of the log behind."""
        return await self._log.streams(prefix, limit)

    async def position(self) -> int:
        """Position of the log behind."""
        return await self._log.position()

    def subscribe(self, listener: Callable[[tuple[Record, ...]], None]) -> Callable[[], None]:
        """Subscribe to the log behind."""
        return self._log.subscribe(listener)

    async def close(self) -> None:
        """Close the log behind."""
        await self._log.close()


class LogThatLosesReplies(LogInFront):
    """Appends durably, and then says that it could not: the next `losing` times."""

    def __init__(self, log: EventLog, losing: int = 0) -> None:
        super().__init__(log)
        self.losing = losing

    async def append(self, changes: Sequence[Change], origin: Origin) -> tuple[Record, ...]:
        """Append, and raise LogUnavailable while there are replies to lose."""
        records = await super().append(changes, origin)
        if self.losing > 0:
            self.losing -= 1
            raise LogUnavailable("the reply was lost")
        return records


class LogThatIsDown(LogInFront):
    """Can be read and not written while `down` is true."""

    def __init__(self, log: EventLog, down: bool = True) -> None:
        super().__init__(log)
        self.down = down

    async def append(self, changes: Sequence[Change], origin: Origin) -> tuple[Record, ...]:
        """Raise LogUnavailable, with nothing appended, while it is down."""
        if self.down:
            raise LogUnavailable("the log is down")
        return await super().append(changes, origin)


class LogWithRival(LogInFront):
    """Somebody else appends `rival` just before the next append: it clashes if they share a stream."""

    def __init__(self, log: EventLog, rival: Sequence[Change] = ()) -> None:
        super().__init__(log)
        self.rival = tuple(rival)

    async def append(self, changes: Sequence[Change], origin: Origin) -> tuple[Record, ...]:
        """Let the rival append first, once."""
        rival, self.rival = self.rival, ()
        if rival:
            await super().append(rival, Origin("rival"))
        return await super().append(changes, origin)
