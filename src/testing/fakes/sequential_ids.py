"""Ids that a test can foretell."""

from itertools import count


class SequentialIds:
    """`000…1`, `000…2` and so on."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def fresh(self) -> str:
        """32 lower-case hexadecimal digits, never the same twice."""
        return f"{next(self._numbers):032x}"
