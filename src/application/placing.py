"""Placing: what a session's resource counts against, and on which machine of a pool it is put."""

from collections.abc import Mapping

from attrs import frozen

from ..domain.allowance import Member, fitting, member_of, place, stream_of
from ..domain.amounts import amounts
from ..domain.offers import Offer
from ..domain.values import Amount, Hardware
from .doubts import Doubts
from .ledger import Ledger
from .ports.provider import Pooled, Provider
from .ports.providers import Providers


@frozen
class Share:
    """Something shared that a resource counts against."""

    stream: str
    limits: tuple[Amount, ...]


@frozen
class Pool:
    """The machines of a pool that could give what is asked for."""

    name: str
    members: tuple[Member, ...]
    out_of_order: Mapping[str, str]
    """Why, by the machine's name."""


async def pool_for(provider: Provider, offer: Offer, hardware: Hardware) -> Pool | None:
    """The machines to choose from; None where the provider has none to choose.

    Raises NoMachineFits.
    """
    if not isinstance(provider, Pooled):
        return None
    members = fitting(provider.members(), hardware, amounts(hardware), offer.labels)
    names = [member.name for member in members]
    return Pool(offer.provider, members, await provider.out_of_order(names))


async def share_in(pool: Pool, hardware: Hardware, ledger: Ledger, doubts: Doubts) -> Share:
    """The machine with the most room as the log has it now, if possible one on which nothing went wrong.

    Raises PoolFull, NoMachineUsable.
    """
    doubtful = doubts.about(pool.name, [m.name for m in pool.members])
    taken = {m.name: await ledger.allowance(stream_of(pool.name, m.name)) for m in pool.members}
    member = place(pool.members, amounts(hardware), taken, pool.out_of_order, doubtful)
    return Share(stream_of(pool.name, member.name), member.limits)


def shares_of(name: str, provider: Provider) -> tuple[Share, ...]:
    """What a resource counts against at a provider without machines to choose from."""
    limits = provider.limits()
    return (Share(f"pool:{name}", limits),) if limits else ()


def provider_of(name: str, allowances: tuple[str, ...], providers: Providers) -> Provider:
    """The provider of a resource: its machine, where it was put on one. Raises ProviderMissing."""
    provider = providers.provider(name)
    member = member_of(name, allowances)
    return provider.member(member) if member is not None and isinstance(provider, Pooled) else provider
