"""Claims in memory."""


class MemoryClaims:
    """Claims of one process; `rivals` is what all of them hold, shared by those that exclude each other."""

    def __init__(self, rivals: "dict[str, MemoryClaims] | None" = None) -> None:
        self._holders = {} if rivals is None else rivals

    async def take(self, resource: str) -> bool:
        """Claim a resource; False when another one holds it."""
        return self._holders.setdefault(resource, self) is self

    async def holds(self, resource: str) -> bool:
        """Whether we hold it."""
        return self._holders.get(resource) is self

    async def give_back(self, resource: str) -> None:
        """Let go of it; safe to repeat."""
        if await self.holds(resource):
            del self._holders[resource]

    async def close(self) -> None:
        """Let go of all, as a process does when it dies."""
        for resource in [resource for resource, holder in self._holders.items() if holder is self]:
            del self._holders[resource]

    def lose_all(self) -> None:
        """Lose every claim without being asked, as with a lost database connection."""
        self._holders.clear()
