"""Claims: at most one driver a resource, and one requester a deployment, across processes."""

from typing import Protocol


class ClaimsUnavailable(Exception):
    """It can't be known who holds a claim; a retry may help."""


class Claims(Protocol):
    """Claims end with the process that holds them, however it dies."""

    async def take(self, resource: str) -> bool:
        """Claim something by its id; False when another process holds it; True again when we do.

        Raises ClaimsUnavailable.
        """

    async def holds(self, resource: str) -> bool:
        """Whether we still hold it (a lost database connection ends claims)."""

    async def give_back(self, resource: str) -> None:
        """Let go of it; safe to repeat."""

    async def close(self) -> None:
        """Let go of all; safe to repeat."""
