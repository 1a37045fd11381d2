"""Record which configuration is in force, so that it can be told later why something was allowed."""

from attrs import define, field

from ...domain.configuration import Configured, RecordLoaded, decide, evolve
from ..ports.configuration import Configurations
from ..ports.event_log import Change, Clash, EventLog, Origin


@define
class RecordConfiguration:
    """Records the configuration of one hub."""

    log: EventLog
    configurations: Configurations
    hub: str
    _recorded: RecordLoaded | None = field(default=None, init=False)

    async def __call__(self) -> None:
        """Append `configuration.loaded` unless the same is recorded already. Raises LogUnavailable."""
        # it may change while it is recorded
        while (loaded := self._loaded()) != self._recorded:
            await self._record(loaded)
            self._recorded = loaded

    def _loaded(self) -> RecordLoaded:
        current = self.configurations.current
        read = self.configurations.refused or current
        return RecordLoaded(current.digest, read.files, "accepted" if read.is_sound else "refused")

    async def _record(self, command: RecordLoaded) -> None:
        stream = f"configuration:{self.hub}"
        while True:
            state, version = Configured(), 0
            for record in await self.log.read(stream):
                state, version = evolve(state, record.fact), record.version  # type: ignore[arg-type]
            facts = decide(command, state)
            try:
                if facts:
                    await self.log.append([Change(stream, version, facts)], Origin("hub"))
                return
            except Clash:
                continue
