"""Names in memory."""


class MemoryUserNames:
    """Forgets everything with the test."""

    def __init__(self) -> None:
        self._names: dict[tuple[str, int], str] = {}

    async def remember(self, hub: str, user: int, name: str) -> None:
        """Know the user by this name from now on."""
        self._names[hub, user] = name

    async def name(self, hub: str, user: int) -> str | None:
        """The user's name; None if it was never known or was erased."""
        return self._names.get((hub, user))

    async def find(self, name: str) -> tuple[tuple[str, int], ...]:
        """Who is known by this name, as (hub, user id), sorted."""
        return tuple(sorted(key for key, known in self._names.items() if known == name))

    async def forget(self, name: str) -> int:
        """Erase all rows with this name; returns how many there were."""
        found = [key for key, known in self._names.items() if known == name]
        for key in found:
            del self._names[key]
        return len(found)
