"""A provider that knows what it has left."""

from datetime import timedelta

from ...application.ports.provider import Availability, InvalidSpec, ResourceSpec
from .memory_provider import MemoryProvider, MemorySettings


class ProviderThatTellsWhatIsFree(MemoryProvider):
    """Has `room` for so many, whatever they are; when it is full, one more after `wait`."""

    def __init__(
        self, settings: MemorySettings | None = None, room: int = 3, wait: timedelta | None = None
    ) -> None:
        super().__init__(settings)
        self.room = room
        self.wait = wait

    async def availability(self, spec: ResourceSpec) -> Availability:
        """Room that is not taken. Raises InvalidSpec for an unknown type."""
        self._called("availability", spec.type)
        if spec.type not in self.types:
            raise InvalidSpec(f"no {spec.type} here")
        free = max(self.room - len(self.instances), 0)
        return Availability(free, None if free else self.wait)
