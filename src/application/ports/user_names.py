"""Who a user id is: kept apart from the log, so that a person can be erased."""

from typing import Protocol


class UserNamesUnavailable(Exception):
    """The table can't be read or written now; a retry may help."""


class UserNames(Protocol):
    """A small table: (hub, user id) to name. Every method raises UserNamesUnavailable."""

    async def remember(self, hub: str, user: int, name: str) -> None:
        """Know the user by this name from now on; safe to repeat."""

    async def name(self, hub: str, user: int) -> str | None:
        """The user's name; None if it was never known or was erased."""

    async def find(self, name: str) -> tuple[tuple[str, int], ...]:
        """Who is known by this name, as (hub, user id), sorted; () if nobody is.

        Only reads: also where nothing can be written, and where there is no table yet.
        """

    async def forget(self, name: str) -> int:
        """Erase all rows with this name; returns how many there were."""
