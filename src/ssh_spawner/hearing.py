"""Hears what a process on a host writes: all of it, so that it never fills what is kept for who doesn't."""

import asyncio
from collections import deque
from typing import TYPE_CHECKING

from attrs import define, field

if TYPE_CHECKING:
    import asyncssh

AT_ONCE = 65536
"""Bytes that are read."""
LINE = 131072
"""Bytes of a line that are kept, the last ones; none of our program's is longer (see answers.LONGEST)."""


@define(eq=False)
class Lines:
    """Those of a stream that have a mark; who is cancelled while waiting may go on later.

    With asyncssh's own nobody else gets to run any more once its buffer is full, be it with what came there
    or at the other output of the process.
    """

    _stream: "asyncssh.SSHReader[bytes]"
    _mark: bytes
    other: bytes = field(default=b"", init=False)
    """The last line without it that is not blank."""
    _heard: deque[bytes] = field(factory=deque, init=False)
    _rest: bytes = field(default=b"", init=False)

    async def next(self) -> bytes | None:
        """One without its end; None after the last. Raises what asyncssh does where the process is lost."""
        while not self._heard:
            # reading waits for nobody while there is something
            await asyncio.sleep(0)
            data = await self._stream.read(AT_ONCE)
            lines = (self._rest + data).split(b"\n")
            self._rest = lines.pop()[-LINE:] if data else b""
            self._sort(lines)
            if not (data or self._heard):
                return None
        return self._heard.popleft()

    def _sort(self, lines: list[bytes]) -> None:
        # at once: there may be a million without the mark
        self._heard.extend(line for line in lines if self._mark in line)
        others = (line for line in reversed(lines) if self._mark not in line and line.strip())
        self.other = next(others, self.other)


async def last_of(stream: "asyncssh.SSHReader[bytes]", count: int) -> bytes:
    """So many of its last bytes, once it has ended or was lost."""
    import asyncssh

    last = b""
    try:
        while data := await stream.read(AT_ONCE):
            last = (last + data)[-count:]
    except (OSError, asyncssh.Error):
        pass  # whoever reads its lines hears of that
    return last
