"""Fresh identifiers."""

from typing import Protocol


class Ids(Protocol):
    """Makes ids that nobody else makes."""

    def fresh(self) -> str:
        """32 lower-case hexadecimal digits, never the same twice."""
