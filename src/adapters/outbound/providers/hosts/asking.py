"""Has a host run our script and reads its answers."""

import asyncio
import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from attrs import frozen

from ...ssh import SshFailed, has_gone, process_on, say_to

if TYPE_CHECKING:
    import asyncssh

TOKEN = re.compile(r"[0-9a-f]{1,64}-[0-9a-f]{1,64}")
"""Of a resource: what doesn't look like this never reaches a host."""

DIGEST = re.compile(r"[0-9a-f]{64}")
"""Of what a configurer applies; as well."""

PLAIN = "exec sh -c 'exec sh -s 2>&1'"
# asked with the very command: sudo may be allowed for some commands only
AS_ROOT = (
    "exec sh -c '"
    'if [ "$(id -u)" -ne 0 ] && sudo -n sh -c : </dev/null >/dev/null 2>&1; '
    "then exec sudo -n sh -s 2>&1; fi; exec sh -s 2>&1'"
)
"""Commands that the account's own shell runs, whichever it is; none has anything of ours but these words."""

PREFIX = "multiplespawner "
MOST = 4 * 2**20
"""Bytes of an answer: some ten thousand processes."""


@frozen
class Question:
    """One run of the script."""

    op: str
    """`lease`, `leases`, `marked`, `end`, `drop`, `applied`, `keep` or `forget`."""
    member: str
    token: str = ""
    """Empty where none is meant."""
    grace: int = 0
    """Seconds that processes have to end by themselves."""
    seconds: float = 30
    """Limit of this run."""
    digest: str = ""
    """Of what was applied; empty where none is meant."""

    @property
    def as_root(self) -> bool:
        """Whether it is about processes of all users."""
        return self.op in ("marked", "end")

    @property
    def text(self) -> str:
        """The script with what it is asked."""
        if self.token and not TOKEN.fullmatch(self.token):
            raise ValueError("not a token")
        if self.digest and not DIGEST.fullmatch(self.digest):
            raise ValueError("not a digest")
        # these have been checked to hold nothing that a shell knows
        said = {"op": self.op, "member": self.member, "token": self.token, "seconds": str(self.grace)}
        said["digest"] = self.digest
        lines = "".join(f"{name}='{value}'\n" for name, value in said.items())
        return lines + _script("host.sh") + _script("processes.sh" if self.as_root else "leases.sh")


@cache
def _script(name: str) -> str:
    """A part of what runs on a host; read when it is asked for first."""
    return files(__package__).joinpath(name).read_text(encoding="ascii")


class HostFailed(Exception):
    """The script did not do what it was asked; the message has the last that the host said."""


class HostSilent(HostFailed):
    """It didn't answer in time: the connection may be dead, too."""


Answer = tuple[tuple[str, ...], ...]
"""Lines in words, such as `("lease", TOKEN)` and `("process", TOKEN, PID)`."""

OWN = ("own",)
"""Line of an answer about processes: only those of the account itself are seen and ended."""


async def ask(
    connection: "asyncssh.SSHClientConnection", questions: Sequence[Question], *, begin: float
) -> tuple[Answer, ...]:
    """Ask one after the other, on the loop of the connection; `begin`: seconds until a run must have begun.

    Raises SshFailed where the connection is lost, HostFailed.
    """
    return tuple([await _answer(connection, question, begin) for question in questions])


async def _answer(connection: "asyncssh.SSHClientConnection", question: Question, begin: float) -> Answer:
    import asyncssh

    try:
        process = await _begun(connection, AS_ROOT if question.as_root else PLAIN, begin)
        async with asyncio.timeout(question.seconds):
            said = await _said(process, question.text.encode())
    except TimeoutError as error:
        raise HostSilent(f"it did not answer within {question.seconds:g} s") from error
    except (asyncssh.Error, OSError) as error:
        raise SshFailed("connection_lost", f"The SSH connection was lost: {error}.") from error
    try:
        return _understood(said.decode("utf-8", "backslashreplace").splitlines())
    except HostFailed as error:
        # hung up on by somebody else who asks through it and heard nothing: its end is no answer
        if await has_gone(connection):
            raise SshFailed("connection_lost", f"The SSH connection was lost: {error}.") from error
        raise


async def _begun(
    connection: "asyncssh.SSHClientConnection", command: str, seconds: float
) -> "asyncssh.SSHClientProcess[bytes]":
    try:
        async with asyncio.timeout(seconds):
            return await process_on(connection, command, encoding=None)
    except TimeoutError as error:
        raise SshFailed("connection_lost", f"The host did not answer within {seconds:g} s.") from error


async def _said(process: "asyncssh.SSHClientProcess[bytes]", text: bytes) -> bytes:
    try:
        say_to(process, text, last=True)
        said = b""
        while len(said) <= MOST and (more := await process.stdout.read(2**16)):
            said += more
        return said[:MOST]
    finally:
        process.close()


def _understood(lines: Sequence[str]) -> Answer:
    answers = tuple(_answers(lines))
    if answers[-1:] != (("done",),):
        other = [line for line in lines if line.strip() and not line.startswith(PREFIX)]
        raise HostFailed(f"it said {other[-1].strip()[:300]!r}" if other else "it said nothing")
    return answers[:-1]


def _answers(lines: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for line in lines:
        if line.startswith(PREFIX):
            yield tuple(line.removeprefix(PREFIX).split())
