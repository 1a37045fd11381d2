"""What is known of the machines of pools, with or without a hub."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import frozen

from ..adapters.outbound.providers.configured import ConfiguredProviders
from ..adapters.outbound.providers.hosts.pool import HostsProvider
from ..application.ledger import Ledger
from ..application.ports.configuration import Configuration
from ..application.ports.event_log import EventLog
from ..application.ports.provider import Pooled
from ..application.ports.providers import ProviderMissing
from ..domain.allowance import Member, stream_of
from ..domain.values import Amount
from .configuration import find_provider, structured_settings


@frozen
class HostRow:
    """One machine as it is now."""

    provider: str
    name: str
    address: str | None
    """With the port where it isn't SSH's; None where the pool doesn't tell it."""
    trouble: str
    """Why it can't be used; empty for one in order."""
    capacity: tuple[Amount, ...]
    taken: tuple[Amount, ...] | None
    """As the log says; None without one."""
    gpu_kind: str | None
    labels: Mapping[str, str]


@frozen
class Hosts:
    """The machines of all pools, in the order of the settings."""

    rows: tuple[HostRow, ...]
    missing: tuple[ProviderMissing, ...]
    """Why the providers whose machines are not among them can't be asked."""


async def hosts_of(configuration: Configuration, directory: Path, log: EventLog | None) -> Hosts:
    """The machines of all pools that are offered; asks each whether it answers.

    Raises LogUnavailable, LogDamaged.
    """
    said = {recipe.offer.provider: recipe.provider_settings for recipe in configuration.recipes}
    providers = ConfiguredProviders(find_provider, lambda: said, structured_settings, directory)
    asking, missing = [], []
    for name in said:
        try:
            if issubclass(find_provider(name), Pooled):
                asking.append(_rows(name, providers.provider(name), log))
        except ProviderMissing as error:
            missing.append(error)
    pools = await asyncio.gather(*asking)
    return Hosts(tuple(row for rows in pools for row in rows), tuple(missing))


async def _rows(pool: str, provider: Any, log: EventLog | None) -> list[HostRow]:
    members: tuple[Member, ...] = provider.members()
    troubles = await provider.out_of_order([member.name for member in members])
    return [
        HostRow(
            provider=pool,
            name=member.name,
            address=provider.address(member.name) if isinstance(provider, HostsProvider) else None,
            trouble=troubles.get(member.name, ""),
            capacity=member.limits,
            taken=await _taken(pool, member, log) if log else None,
            gpu_kind=member.gpu_kind,
            labels=dict(member.labels),
        )
        for member in members
    ]


async def _taken(pool: str, member: Member, log: EventLog) -> tuple[Amount, ...]:
    allowance = await Ledger(log).allowance(stream_of(pool, member.name))
    kinds = dict.fromkeys(amount.of for amounts in allowance.reservations.values() for amount in amounts)
    return tuple(Amount(of, allowance.used(of)) for of in kinds)
