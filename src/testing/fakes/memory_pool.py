"""A pool of machines in memory."""

from collections.abc import Collection, Mapping
from typing import ClassVar

from attrs import evolve, frozen

from ...application.ports.provider import (
    Instance,
    InvalidSpec,
    NotFound,
    OutOfCapacity,
    ResourceSpec,
    Unavailable,
)
from ...application.ports.providers import ProviderMissing
from ...domain.allowance import Member, NoMachineFits, fitting
from ...domain.amounts import amounts
from ...domain.values import Amount
from .faulty_providers import ProviderThatIsDown
from .memory_provider import MemoryProvider


def a_member(name: str, sessions: int = 1) -> Member:
    """A machine for so many sessions."""
    return Member(name, (Amount("sessions", sessions),))


@frozen
class MemoryPoolSettings:
    """Which machines there are."""

    machines: tuple[Member, ...] = (a_member("one"), a_member("two"))


class MemoryMachine(ProviderThatIsDown):
    """One of them: up, until it is taken down; it remembers how it is set up."""

    def __init__(self, member: Member) -> None:
        super().__init__(calls=0)
        self.prefix = f"{member.name}/"
        self.applied: tuple[str, ...] = ()
        """Digests of what was applied to it."""
        self._limits = member.limits

    async def get(self, id: str) -> Instance:  # noqa: A002 - the port's word
        """One instance, which then goes on, with what was applied. Raises NotFound, Unavailable."""
        return evolve(await super().get(id), applied=self.applied)

    async def keep_applied(self, id: str, digest: str) -> None:  # noqa: A002
        """One more, where it is like the others. Raises Unavailable."""
        self._called("keep_applied", id)
        self.applied = (*self._alike(digest), digest)

    async def forget_applied(self, id: str, digest: str) -> None:  # noqa: A002
        """One less, and those that are unlike. Raises Unavailable."""
        self._called("forget_applied", id)
        self.applied = self._alike(digest)

    def limits(self) -> tuple[Amount, ...]:
        """What its sessions may hold together."""
        return self._limits

    def _alike(self, digest: str) -> tuple[str, ...]:
        """The others that begin as it does."""
        return tuple(each for each in self.applied if each != digest and each[:32] == digest[:32])


class MemoryPool:
    """Each of its machines is a provider in memory; ids are `<machine>/<number>`."""

    api: ClassVar[int] = 1
    allocates: ClassVar[bool] = True
    settings_class: ClassVar[type] = MemoryPoolSettings
    types: ClassVar[tuple[str, ...]] = MemoryProvider.types

    def __init__(self, settings: MemoryPoolSettings | None = None) -> None:
        self._machines = (settings or MemoryPoolSettings()).machines
        self.providers = {machine.name: MemoryMachine(machine) for machine in self._machines}
        """What each machine holds, and how often it was called."""
        self._down: dict[str, str] = {}

    def take_down(self, name: str, why: str = "it has no power") -> None:
        """Have a machine answer nothing."""
        self._down[name] = why
        self.providers[name].down_for = None

    def bring_up(self, name: str) -> None:
        """Have it answer again."""
        self._down.pop(name, None)
        self.providers[name].down_for = 0

    def take_out(self, name: str) -> None:
        """Have a machine leave the settings."""
        self._machines = tuple(machine for machine in self._machines if machine.name != name)
        del self.providers[name]

    def members(self) -> tuple[Member, ...]:
        """All that are left in the settings."""
        return self._machines

    def member(self, name: str) -> MemoryMachine:
        """One of them. Raises ProviderMissing."""
        if name not in self.providers:
            raise ProviderMissing(f"no machine {name}")
        return self.providers[name]

    async def out_of_order(self, names: Collection[str]) -> Mapping[str, str]:
        """Those that were taken down or out."""
        gone = {name: "it has left the settings" for name in names if name not in self.providers}
        return {**{name: why for name, why in self._down.items() if name in names}, **gone}

    async def ensure(self, token: str, spec: ResourceSpec) -> Instance:
        """What has this token, or a new one on the first machine in order.

        Raises InvalidSpec, OutOfCapacity, Unavailable.
        """
        try:
            able = fitting(self._machines, spec.hardware, amounts(spec.hardware), ())
        except NoMachineFits as error:
            raise InvalidSpec("no machine is so big") from error
        for found in await self.find(token):
            return found
        for machine in able:
            if machine.name not in self._down:
                return await self.providers[machine.name].ensure(token, spec)
        raise OutOfCapacity("no machine is in order")

    async def get(self, id: str) -> Instance:  # noqa: A002 - the port's word
        """One instance. Raises NotFound, Unavailable."""
        provider = self._of(id)
        if provider is None:
            raise NotFound(f"no instance {id}")
        return await provider.get(id)

    async def find(self, token: str) -> tuple[Instance, ...]:
        """All with this token, on all machines. Raises Unavailable."""
        return tuple([found for each in self.providers.values() for found in await each.find(token)])

    async def list_owned(self, owner: str) -> tuple[Instance, ...]:
        """All of this owner, on machines that answer."""
        answering = [each for name, each in self.providers.items() if name not in self._down]
        return tuple([found for each in answering for found in await each.list_owned(owner)])

    async def destroy(self, id: str) -> None:  # noqa: A002
        """Forget one instance. Raises Unavailable."""
        provider = self._of(id)
        if provider is not None:
            await provider.destroy(id)

    def limits(self) -> tuple[Amount, ...]:
        """None: each machine has its own."""
        return ()

    def _of(self, id: str) -> MemoryProvider | None:  # noqa: A002
        name, slash, _ = id.partition("/")
        if slash and name not in self.providers:
            raise Unavailable(f"machine {name} has left the settings")
        return self.providers.get(name) if slash else None
