"""A configuration in memory; a test edits it by setting what it says."""

from attrs import define

from ...application.ports.configuration import Configuration


@define(eq=False)
class MemoryConfigurations:
    """Satisfies the port Configurations; an edit is seen at the next look."""

    current: Configuration
    refused: Configuration | None = None
    said: Configuration | None = None
    """What the files say at the next look; None for nothing new."""

    async def refresh(self) -> bool:
        """Take what is said, or refuse it."""
        before = self.current, self.refused
        if self.said is not None:
            is_good = self.said.is_sound or self.said == self.current
            self.current, self.refused = (self.said, None) if is_good else (self.current, self.said)
        return (self.current, self.refused) != before
