"""Record which configuration is in force, so that it can be told later why something was allowed."""

from attrs import frozen

from ...domain.configuration import Configured, RecordLoaded, decide, evolve
from ..ports.configuration import Configuration
from ..ports.event_log import Change, Clash, EventLog, Origin


@frozen
class RecordConfiguration:
    """Records the configuration of one hub."""

    log: EventLog
    configuration: Configuration
    hub: str

    async def __call__(self) -> None:
        """Append `configuration.loaded` unless the same is in force already. Raises LogUnavailable."""
        stream = f"configuration:{self.hub}"
        loaded = self.configuration
        command = RecordLoaded(loaded.digest, loaded.files, "accepted" if loaded.is_sound else "refused")
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
