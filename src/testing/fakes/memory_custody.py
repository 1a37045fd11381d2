"""A custody that remembers in memory; a test moves the log by setting its place."""


class MemoryCustody:
    """Remembers owner, place and position."""

    def __init__(self) -> None:
        self.place = "here"
        self._before: tuple[str, str, int] | None = None

    async def doubt(self, owner: str, position: int) -> str | None:
        """Compare with what is remembered."""
        if position == 0 and (self._before is None or self._before[2] == 0):
            await self.saw(owner, position)
        if self._before is None or self._before[:2] != (owner, self.place):
            return "it is another one or somewhere else, or nothing is remembered of it"
        if self._before[2] > position:
            return "it is older"
        await self.saw(owner, position)
        return None

    async def saw(self, owner: str, position: int) -> None:
        """Remember."""
        self._before = (owner, self.place, position)

    async def adopt(self, owner: str, position: int) -> None:
        """Remember."""
        await self.saw(owner, position)
