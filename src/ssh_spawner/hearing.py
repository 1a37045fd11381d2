"""Hears what a process on a host writes: all of it, so that it never fills what is kept for who doesn't."""

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
    """Those of a stream; who is cancelled while waiting may go on later.

    With asyncssh's own nobody else gets to run any more once its buffer is full, be it with what came there
    or at the other output of the process.
    """

    _stream: "asyncssh.SSHReader[bytes]"
    _heard: deque[bytes] = field(factory=deque, init=False)
    _rest: bytes = field(default=b"", init=False)

    async def next(self) -> bytes | None:
        """One without its end; None after the last. Raises what asyncssh does where the process is lost."""
        while not self._heard:
            data = await self._stream.read(AT_ONCE)
            if not data:
                line, self._rest = self._rest, b""
                return line or None
            *lines, rest = (self._rest + data).split(b"\n")
            self._heard.extend(lines)
            self._rest = rest[-LINE:]
        return self._heard.popleft()


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
