"""Puts lines together from pieces of any size."""

from collections.abc import Iterator

from attrs import define, field

LONGEST = 1024 * 1024
"""Bytes of a line; what is longer is dropped. The facts of a large machine are about 100 KiB."""


@define
class LineSplitter:
    """Of one stream; keeps no more than a line."""

    _begun: bytearray = field(factory=bytearray, init=False)
    _size: int = field(default=0, init=False)

    def lines(self, piece: bytes) -> Iterator[bytes]:
        """Lines that end in this piece, without their ends."""
        *ends, rest = piece.split(b"\n")
        for end in ends:
            self._add(end)
            if self._size <= LONGEST:
                yield bytes(self._begun)
            self._begun.clear()
            self._size = 0
        self._add(rest)

    def _add(self, part: bytes) -> None:
        self._size += len(part)
        if self._size <= LONGEST:
            self._begun += part
        else:
            self._begun.clear()
