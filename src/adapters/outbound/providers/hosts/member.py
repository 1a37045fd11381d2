"""One host of a pool: its leases are folders on it, and what runs for them is found by the mark."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import ClassVar

from attrs import evolve

from .....application.ports.provider import (
    Instance,
    InstanceState,
    InvalidSpec,
    NotFound,
    ResourceSpec,
)
from .....domain.allowance import NoMachineFits, fitting
from .....domain.amounts import amounts
from .....domain.values import Amount, Endpoint
from ...ssh import SshFailed
from ...ssh.failures import of_system
from .asking import DIGEST, OWN, TOKEN, Answer, HostFailed, Question
from .entering import Entrance
from .line import Line
from .settings import HostSettings, HostsSettings
from .trouble import not_entered, unavailable

TYPES = ("bare_metal", "virtual_machine")
AT_ONCE = 4
"""Asked of one host: sshd refuses the eleventh at once, in a connection or at the door (MaxSessions,
MaxStartups), and is not ours alone."""
TO_ANSWER = 30.0
"""Seconds that a host has for one look or for making a folder; a loaded one takes long."""
TO_KILL = 15.0
"""Seconds that the script takes to kill what does not end (10), with what lies around it."""

_logger = logging.getLogger("multiplespawner.hosts")


class HostMember:
    """Leases one host; an id is `<host's name>/<token>`.

    It sees and ends processes of all users where its account is root or `sudo -n` gives a shell, else those
    of its account.
    """

    api: ClassVar[int] = 1
    allocates: ClassVar[bool] = True
    settings_class: ClassVar[type] = HostsSettings
    types: ClassVar[tuple[str, ...]] = TYPES

    def __init__(self, host: HostSettings, settings: HostsSettings, directory: Path) -> None:
        self._host = host
        self._settings = settings
        self._entrance = Entrance(host, settings, directory)
        self._line = Line(settings.connect_timeout)
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._told_own = False

    async def ensure(self, token: str, spec: ResourceSpec) -> Instance:
        """Make the lease; the one that there is, is the same one.

        Raises InvalidSpec, NotTrusted, Unavailable.
        """
        self._require(spec)
        if not TOKEN.fullmatch(token):
            raise InvalidSpec(f"not a token of a resource: {token!r:.100}")
        host_keys, _ = await self._ask(self._question("lease", token))
        return self._instance(token, host_keys)

    async def get(self, id: str) -> Instance:  # noqa: A002 - the port's word
        """The lease, or what still runs without one, with what was applied to the host.

        Raises NotFound, NotTrusted, Unavailable.
        """
        for found in await self.find(self._token(id)):
            _, (said,) = await self._ask(self._question("applied"))
            return evolve(found, applied=tuple(words[1] for words in said if words[0] == "applied"))
        raise NotFound(f"no lease {id!r:.200} on this host")

    async def find(self, token: str) -> tuple[Instance, ...]:
        """One at most: its lease, or what still runs without one. Raises NotTrusted, Unavailable."""
        if not TOKEN.fullmatch(token):
            return ()
        host_keys, (leases,) = await self._ask(self._question("leases"))
        found = _tokens(leases)
        if token not in found:
            _, (marked,) = await self._ask(self._question("marked"))
            self._tell_own(marked)
            found = _tokens(marked)
        return (self._instance(token, host_keys),) if token in found else ()

    async def list_owned(self, owner: str) -> tuple[Instance, ...]:
        """The leases of an owner, and what runs without one. Raises NotTrusted, Unavailable."""
        host_keys, answers = await self._ask(self._question("leases"), self._question("marked"))
        self._tell_own(answers[-1])
        tokens = dict.fromkeys(token for answer in answers for token in _tokens(answer))
        return tuple(self._instance(t, host_keys) for t in tokens if t.startswith(f"{owner}-"))

    async def destroy(self, id: str) -> None:  # noqa: A002
        """End what runs for a lease, remove its files, then the lease. Raises NotTrusted, Unavailable."""
        token = self._token(id)
        if token:
            await self._ask(self._question("end", token), self._question("drop", token))

    async def keep_applied(self, id: str, digest: str) -> None:  # noqa: A002
        """A thousand at most, for the account that logs in. Raises InvalidSpec, NotTrusted, Unavailable."""
        await self._ask(self._about_applied("keep", digest))

    async def forget_applied(self, id: str, digest: str) -> None:  # noqa: A002
        """And all that don't begin alike. Raises InvalidSpec, NotTrusted, Unavailable."""
        await self._ask(self._about_applied("forget", digest))

    def limits(self) -> tuple[Amount, ...]:
        """What its sessions may hold together."""
        return self._host.member.limits

    def _require(self, spec: ResourceSpec) -> None:
        if spec.type not in self.types:
            raise InvalidSpec(f"host {self._host.name} is no {spec.type}")
        try:
            fitting((self._host.member,), spec.hardware, amounts(spec.hardware), ())
        except NoMachineFits as error:
            raise InvalidSpec(f"host {self._host.name} never has so much: {spec.hardware}") from error

    def _token(self, id: str) -> str:  # noqa: A002
        """The token in an id; empty if it is none of this host's."""
        name, _, token = id.rpartition("/")
        return token if name == self._host.name and TOKEN.fullmatch(token) else ""

    def _question(self, op: str, token: str = "") -> Question:
        ends = op == "end"
        grace = self._settings.terminate_timeout if ends else 0
        return Question(op, self._host.name, token, grace, TO_ANSWER + (grace + TO_KILL if ends else 0))

    def _about_applied(self, op: str, digest: str) -> Question:
        if not DIGEST.fullmatch(digest):
            raise InvalidSpec(f"no digest of what is applied: {digest!r:.100}")
        return Question(op, self._host.name, seconds=TO_ANSWER, digest=digest)

    def _tell_own(self, answer: Answer) -> None:
        """Say once that what other accounts run isn't seen: all looks as if it had ended."""
        if OWN in answer and not self._told_own:
            self._told_own = True
            _logger.warning(
                "Host %s: the account %s sees only its own processes; what notebooks of other accounts leave "
                "running there can't be ended. Give it sudo without a password, or name root as `user`.",
                self._host.name,
                self._entrance.user,
            )

    async def _ask(self, *questions: Question) -> tuple[tuple[str, ...], tuple[Answer, ...]]:
        """What it must show, and its answers."""
        login = self._settings.connect_timeout
        limit = 3 * login + sum(question.seconds for question in questions)
        try:
            async with self._turn(limit), asyncio.timeout(limit):
                host_keys = await self._entrance.host_keys()
                return host_keys, await self._line.ask(questions, lambda: self._entrance.access(host_keys))
        except SshFailed as error:
            has_key = self._entrance.key_file is not None
            raise not_entered(self._host.name, error, key_file=has_key) from error
        except HostFailed as error:
            raise unavailable(self._host.name, str(error)) from error
        except TimeoutError as error:
            raise unavailable(self._host.name, f"no answer within {limit:g} s") from error
        except OSError as error:
            raise unavailable(self._host.name, of_system(error, self._entrance.directory / "ssh")) from error

    @asynccontextmanager
    async def _turn(self, seconds: float) -> AsyncIterator[None]:
        """One of those who ask at once, after so many seconds at most. Raises Unavailable."""
        try:
            async with asyncio.timeout(seconds):
                await self._gate.acquire()
        except TimeoutError as error:
            why = f"not asked: for {seconds:g} s it answered others of this hub"
            raise unavailable(self._host.name, why) from error
        try:
            yield
        finally:
            self._gate.release()

    def _instance(self, token: str, host_keys: tuple[str, ...]) -> Instance:
        return Instance(
            id=f"{self._host.name}/{token}",
            token=token,
            state=InstanceState.RUNNING,
            endpoint=Endpoint(self._host.address, self._entrance.port),
            host_keys=host_keys,
            detail=f"a place on the machine {self._host.name}",
            user=self._entrance.user,
        )


def _tokens(answer: Answer) -> list[str]:
    return [words[1] for words in answer if len(words) > 1 and TOKEN.fullmatch(words[1])]
