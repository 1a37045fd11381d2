"""What a host is offered where it refuses the first key, in the same login."""

import asyncio
from collections.abc import Callable, Sequence

import asyncssh
from attrs import define, field

from ..ssh import SshFailed

Pairs = Sequence[asyncssh.SSHKeyPair]


@define(eq=False)
class SecondKey:
    """Made when it is asked for; after a second login that fails, a host shuts the hub's address out.

    (PerSourcePenalties of OpenSSH 9.8 and later: 5 s for each that fails, enforced from 15 s on.)
    """

    _make: Callable[[], Pairs]
    """Blocks; may raise SshFailed."""
    is_offered: bool = field(default=False, init=False)
    """In the last login: who is let in was let in by it."""
    flaw: SshFailed | None = field(default=None, init=False)
    """Why it could not be."""

    def client(self) -> asyncssh.SSHClient:
        """For one attempt to log in."""
        self.is_offered, self.flaw = False, None
        return _Client(self)

    async def pairs(self) -> Pairs:
        """All at first, then none."""
        if self.is_offered or self.flaw:
            return ()
        try:
            pairs = await asyncio.to_thread(self._make)
        except SshFailed as error:
            self.flaw = error
            return ()
        self.is_offered = True
        return pairs


class _Client(asyncssh.SSHClient):
    def __init__(self, second: SecondKey) -> None:
        self._second = second

    async def public_key_auth_requested(self) -> Pairs:
        return await self._second.pairs()
