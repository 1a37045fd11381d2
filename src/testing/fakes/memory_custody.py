"""A custody that remembers in memory; a test moves the log by setting its place."""


class MemoryCustody:
    """Remembers owner, place and position."""

    def __init__(self) -> None:
        self.place = "here"
        self._before: tuple[str, str, int] | None = None

    async def doubt(self, owner: str, position: int) -> str | None:
        """Compare with what is remembered."""
        before = self._before or (owner, self.place, 0 if position == 0 else position + 1)
        if before[:2] != (owner, self.place) and position > 0:
            return "it is another one or somewhere else"
        if before[0] == owner and before[2] > position:
            return "it is older, or nothing is remembered of it"
        await self.saw(owner, position)
        return None

    async def saw(self, owner: str, position: int) -> None:
        """Remember."""
        self._before = (owner, self.place, position)

    async def adopt(self, owner: str, position: int) -> None:
        """Remember."""
        await self.saw(owner, position)
