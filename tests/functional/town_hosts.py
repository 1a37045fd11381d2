"""Hosts of a town: given out one by one, entered with keys, and set up."""

import asyncio
from pathlib import Path
from typing import Any

from attrs import field, frozen

from multiplespawner.application.ports.authenticator import AuthenticationFailed, Credentials, Target
from multiplespawner.application.ports.provider import Instance
from multiplespawner.testing.fakes.memory_authenticator import MemoryAuthenticator
from multiplespawner.testing.fakes.memory_configurer import MemoryConfigurer
from multiplespawner.testing.fakes.memory_pool import MemoryPool


@frozen
class Authenticator(MemoryAuthenticator):
    """Makes keys that stay where they are when a house dies."""

    town: Any = field(kw_only=True, eq=False, repr=False)

    async def prepare(self, target: Target) -> Credentials:
        """Make them in several turns of the loop, or none at all."""
        await asyncio.sleep(0)
        made = await super().prepare(target)
        await asyncio.sleep(0)
        if self.town.script.lets_nobody_in:
            raise AuthenticationFailed("login_refused", "It lets nobody in.")
        return made

    async def withdraw(self, folder: Path) -> None:
        """Destroy them, or fail as scripted."""
        if self.town.script.failing_withdrawals > 0:
            self.town.script.failing_withdrawals -= 1
            raise AuthenticationFailed("ca_unreachable", "They can't be revoked now.")
        await super().withdraw(folder)


@frozen
class Configurer(MemoryConfigurer):
    """Does its last task as scripted."""

    town: Any = field(kw_only=True, eq=False, repr=False)

    async def _do(self, number: int) -> str:
        await asyncio.sleep(0)
        if number < len(self.settings.tasks) - 1:
            return "ok"
        if self.town.script.setup_never_ends:
            self.town.begun.set()
            await asyncio.Event().wait()
        return "failed" if self.town.script.can_not_be_set_up else "changed"


class PoolOfTwo(MemoryPool):
    """Hosts for one session each, seen as one provider."""

    def __init__(self, _: object = None) -> None:
        super().__init__()

    @property
    def instances(self) -> dict[str, Instance]:
        """What is rented now, by id."""
        return {id_: each for machine in self.providers.values() for id_, each in machine.instances.items()}

    def _with(self, token: str) -> tuple[Instance, ...]:
        return tuple(each for each in self.instances.values() if each.token == token)

    def rent_another(self, token: str) -> Instance:
        """On the last of them, whichever it should be on."""
        return self.providers["two"].rent_another(token)
