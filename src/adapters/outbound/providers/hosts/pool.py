"""Hosts that are there already, each leased by sessions within what its settings say."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import ClassVar

from .....application.ports.provider import (
    Instance,
    InvalidSpec,
    NotFound,
    OutOfCapacity,
    Provider,
    ProviderError,
    ResourceSpec,
    Unavailable,
)
from .....application.ports.providers import ProviderMissing
from .....domain.allowance import Member, NoMachineFits, fitting
from .....domain.amounts import amounts
from .....domain.values import Amount
from .health import Health, Place
from .member import TYPES, HostMember
from .settings import HostsSettings

AT_ONCE = 16
"""Hosts asked at the same time."""

_logger = logging.getLogger("multiplespawner.hosts")


class HostsProvider:
    """The pool; which of its machines a session gets, and what is left of each, the application decides.

    `directory` is the spawner's own (0700): in its folder `ssh` lie the hub's user CA and the host keys that
    were taken on trust.
    """

    api: ClassVar[int] = 1
    allocates: ClassVar[bool] = True
    keeps_state: ClassVar[bool] = True
    settings_class: ClassVar[type] = HostsSettings
    types: ClassVar[tuple[str, ...]] = TYPES

    def __init__(self, settings: HostsSettings, directory: Path) -> None:
        self._settings = settings
        self._members = {host.name: HostMember(host, settings, directory) for host in settings.hosts}
        self._places = {
            host.name: Place(host.name, host.address, settings.port_of(host)) for host in settings.hosts
        }
        self._health = Health(tuple(self._places.values()))
        self._unknown: Mapping[str, str] = {}
        """Hosts that could not be asked what they hold, each with why, when all were asked last."""

    def members(self) -> tuple[Member, ...]:
        """All hosts of the settings, in their order."""
        return tuple(host.member for host in self._settings.hosts)

    def member(self, name: str) -> Provider:
        """One host. Raises ProviderMissing when it has left the settings."""
        if name not in self._members:
            raise ProviderMissing(_left(name))
        return self._members[name]

    def address(self, name: str) -> str:
        """Where one is reached, with the port where it isn't SSH's."""
        place = self._places[name]
        if place.port == 22:
            return place.address
        return f"[{place.address}]:{place.port}" if ":" in place.address else f"{place.address}:{place.port}"

    async def out_of_order(self, names: Collection[str]) -> Mapping[str, str]:
        """Those that don't answer as an SSH server does, each with why; as seen at most 15 s ago."""
        return await self._health.out_of_order(names)

    async def ensure(self, token: str, spec: ResourceSpec) -> Instance:
        """A lease on the host that has one already, else on the first in order that is big enough.

        Raises InvalidSpec, NotTrusted, OutOfCapacity, Unavailable.
        """
        fitting_ = self._fitting(spec)
        for found in await self.find(token):
            return found
        bad = await self.out_of_order(fitting_)
        for name in fitting_:
            if name not in bad:
                return await self._members[name].ensure(token, spec)
        why = "; ".join(f"{name}: {why}" for name, why in bad.items())
        raise OutOfCapacity(f"no host is in order: {why}")

    async def get(self, id: str) -> Instance:  # noqa: A002 - the port's word
        """One lease. Raises NotFound, NotTrusted, Unavailable."""
        member = self._of(id)
        if member is None:
            raise NotFound(f"no lease {id!r:.200}")
        return await member.get(id)

    async def find(self, token: str) -> tuple[Instance, ...]:
        """The leases with a token on all hosts.

        Raises NotTrusted, Unavailable where none was found, and not all could be asked.
        """
        found, failed = await self._of_each(lambda member: member.find(token), self._members)
        if not found and failed:
            raise next(iter(failed.values()))
        return found

    async def list_owned(self, owner: str) -> tuple[Instance, ...]:
        """The leases of an owner on all hosts that can be entered; the others are logged once."""
        bad = await self.out_of_order(self._members)
        usable = [name for name in self._members if name not in bad]
        found, failed = await self._of_each(lambda member: member.list_owned(owner), usable)
        self._tell_unknown({name: str(why) for name, why in {**bad, **failed}.items()})
        return found

    async def destroy(self, id: str) -> None:  # noqa: A002
        """End one lease and what runs for it. Raises NotTrusted, Unavailable."""
        member = self._of(id)
        if member is not None:
            await member.destroy(id)

    def limits(self) -> tuple[Amount, ...]:
        """None: each host has its own."""
        return ()

    def _tell_unknown(self, unknown: Mapping[str, str]) -> None:
        """Say what has changed, once: the pool is asked every half minute."""
        for name, why in unknown.items():
            if self._unknown.get(name) != why:
                _logger.warning("What host %s holds of ours is not known: %s", name, why)
        self._unknown = unknown

    def _fitting(self, spec: ResourceSpec) -> tuple[str, ...]:
        if spec.type not in self.types:
            raise InvalidSpec(f"hosts are no {spec.type}")
        try:
            found = fitting(self.members(), spec.hardware, amounts(spec.hardware), ())
        except NoMachineFits as error:
            raise InvalidSpec(f"no host ever has so much: {spec.hardware}") from error
        return tuple(member.name for member in found)

    def _of(self, id: str) -> HostMember | None:  # noqa: A002
        """The host that an id names; None for what is no id of ours."""
        name, slash, _ = id.partition("/")
        if not slash:
            return None
        if name not in self._members:
            raise Unavailable(_left(name))
        return self._members[name]

    async def _of_each(
        self, ask: Callable[[HostMember], Awaitable[tuple[Instance, ...]]], names: Iterable[str]
    ) -> tuple[tuple[Instance, ...], Mapping[str, ProviderError]]:
        """All that is found, and the errors of hosts that can't be asked."""
        gate = asyncio.Semaphore(AT_ONCE)
        failed: dict[str, ProviderError] = {}

        async def asked(name: str) -> tuple[Instance, ...]:
            async with gate:
                try:
                    return await ask(self._members[name])
                except ProviderError as error:
                    failed[name] = error
                    return ()

        found = await asyncio.gather(*(asked(name) for name in names))
        return tuple(instance for some in found for instance in some), failed


def _left(name: str) -> str:
    return (
        f"host {name!r:.100} is not in the settings any more, so what it holds can't be given back. Put it "
        "back into `hosts` until `multiplespawner resources` doesn't name it any more"
    )
