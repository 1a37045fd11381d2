"""Custody: whether a log is the one that it says it is, not a copy or an older state of it."""

from typing import Protocol


class Custody(Protocol):
    """Remembers, beside the log, where the log lies and how far it had come."""

    async def doubt(self, owner: str, position: int) -> str | None:
        """Why the log of `owner`, `position` records long, may be a copy or restored; None if it is not.

        An empty log is taken into custody, unless one with records was kept here before. Words are for
        administrators. Raises CustodyUnavailable.
        """

    async def saw(self, owner: str, position: int) -> None:
        """Remember how far a log without doubt has come; safe to repeat. Raises CustodyUnavailable."""

    async def adopt(self, owner: str, position: int) -> None:
        """Believe this log from now on, where it lies and as far as it goes; an administrator says so."""


class CustodyUnavailable(Exception):
    """What is remembered can't be read or written."""
