"""How many more of an offer fit now, or how long until one may."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import chain

from attrs import evolve, frozen

from ...domain.allowance import Member, NoMachineFits, fitting, stream_of
from ...domain.amounts import amounts, rooms
from ...domain.offers import Offer
from ...domain.values import Amount
from ..failures import kinds
from ..ports.clock import Clock
from ..ports.event_log import EventLog, LogDamaged, LogUnavailable
from ..ports.provider import Availability, Available, Pooled, Provider, ResourceSpec
from ..ports.providers import ProviderMissing, Providers
from .deadlines import Deadlines
from .shared import Shared

_logger = logging.getLogger("multiplespawner.offers")

UNKNOWN = Availability()
_PATIENCE = 1.0
"""Seconds that a provider has for an answer: a page waits for it."""

Amounts = tuple[Amount, ...]


@frozen
class Pool:
    """What is shared at one provider."""

    limits: Mapping[str, float]
    used: Mapping[str, float]
    freed: Sequence[tuple[datetime, Amounts]] = ()
    """What comes back when, earliest first: of the sessions with a deadline."""

    def availability(self, need: Amounts, now: datetime) -> Availability:
        """Whether `need` fits now; when it does not, once enough of the earliest deadlines have passed."""
        if (free := self.free(need)) != 0:
            return Availability(free)
        later = self
        for deadline, back in self.freed:
            later = evolve(later, used=_without(later.used, back))
            if later.free(need):
                return Availability(0, max(deadline - now, timedelta()))
        return Availability(0)

    def free(self, need: Amounts) -> int | None:
        """How many times `need` fits into what is left; None where nothing limits it."""
        limited = [amount for amount in need if amount.of in self.limits]
        found = [rooms(each, self.limits[each.of] - self.used.get(each.of, 0)) for each in limited]
        return min(found, default=None)


class Availabilities:
    """Asks each provider, or what the log says of its pool, once for all offers of a page."""

    def __init__(self, log: EventLog, providers: Providers, clock: Clock) -> None:
        self._providers = providers
        self._clock = clock
        self._shared = Shared(log)
        self._deadlines = Deadlines(log)

    async def of(self, offers: Iterable[Offer]) -> Mapping[str, Availability]:
        """By id of the offer, of its default hardware; unknown where something fails."""
        by_provider: dict[str, list[Offer]] = {}
        for offer in offers:
            by_provider.setdefault(offer.provider, []).append(offer)
        told = await asyncio.gather(*(self._at(name, some) for name, some in by_provider.items()))
        return {id_: availability for each in told for id_, availability in each.items()}

    async def _at(self, name: str, offers: Sequence[Offer]) -> Mapping[str, Availability]:
        try:
            provider = self._providers.provider(name)
            if isinstance(provider, Available):
                return await _asked(provider, offers)
            if isinstance(provider, Pooled):
                return await self._by_machines(name, provider, offers)
            return await self._by_pool(name, provider, offers)
        except (ProviderMissing, LogUnavailable, LogDamaged):
            return {offer.id: UNKNOWN for offer in offers}

    async def _by_pool(
        self, name: str, provider: Provider, offers: Sequence[Offer]
    ) -> Mapping[str, Availability]:
        limits = {limit.of: limit.quantity for limit in provider.limits()}
        if not limits:
            return {offer.id: UNKNOWN for offer in offers}
        needs = {offer.id: amounts(offer.hardware.choose({})) for offer in offers}
        pool = await self._pool(f"pool:{name}", limits, set(needs.values()))
        now = self._clock.now()
        told = {need: pool.availability(need, now) for need in set(needs.values())}
        return {id_: told[need] for id_, need in needs.items()}

    async def _by_machines(
        self, name: str, provider: Pooled, offers: Sequence[Offer]
    ) -> Mapping[str, Availability]:
        members = provider.members()
        broken = await _out_of_order(provider, [member.name for member in members])
        needs = {offer.id: amounts(offer.hardware.choose({})) for offer in offers}
        pools = {
            member.name: await self._pool(
                stream_of(name, member.name),
                {limit.of: limit.quantity for limit in member.limits},
                set(needs.values()),
            )
            for member in members
            if member.name not in broken
        }
        now = self._clock.now()
        return {
            offer.id: _together(
                pools[member.name].availability(needs[offer.id], now)
                for member in _could_hold(members, offer)
                if member.name in pools
            )
            for offer in offers
        }

    async def _pool(self, stream: str, limits: Mapping[str, float], needs: Iterable[Amounts]) -> Pool:
        """What is taken of it, and what comes back when, if one of the needs does not fit now."""
        held = await self._held(stream)
        pool = Pool(limits, _sum(held.values()))
        if all(pool.free(need) != 0 for need in needs):
            return pool
        deadlines = await self._deadlines.of(held)
        freed = sorted(((deadlines[id_], held[id_]) for id_ in deadlines), key=lambda each: each[0])
        return evolve(pool, freed=freed)

    async def _held(self, stream: str) -> Mapping[str, Amounts]:
        async with self._shared.in_turn((stream,)):
            return (await self._shared.now(stream)).allowance.reservations


async def _out_of_order(provider: Pooled, names: Sequence[str]) -> Mapping[str, str]:
    try:
        async with asyncio.timeout(_PATIENCE):
            return await provider.out_of_order(names)
    except TimeoutError:
        # they are looked at again before anything is started
        return {}


def _could_hold(members: Sequence[Member], offer: Offer) -> Sequence[Member]:
    hardware = offer.hardware.choose({})
    try:
        return fitting(members, hardware, amounts(hardware), offer.labels)
    except NoMachineFits:
        return ()


def _together(each: Iterable[Availability]) -> Availability:
    """What several machines have: none at all is told where none is in order."""
    known = tuple(each)
    if any(availability.free is None for availability in known):
        return UNKNOWN
    free = sum(availability.free or 0 for availability in known)
    waits = [availability.wait for availability in known if availability.wait is not None]
    return Availability(free, None if free else min(waits, default=None))


def _without(used: Mapping[str, float], back: Amounts) -> Mapping[str, float]:
    return {**used, **{amount.of: used.get(amount.of, 0) - amount.quantity for amount in back}}


def _sum(taken: Iterable[Amounts]) -> Mapping[str, float]:
    total: dict[str, float] = defaultdict(float)
    for amount in chain.from_iterable(taken):
        total[amount.of] += amount.quantity
    return total


async def _asked(provider: Available, offers: Sequence[Offer]) -> Mapping[str, Availability]:
    specs = {offer.id: ResourceSpec(offer.type, offer.hardware.choose({}), offer.image) for offer in offers}
    different = tuple(dict.fromkeys(specs.values()))
    answers = await asyncio.gather(*(_answer(provider, spec) for spec in different))
    told = dict(zip(different, answers, strict=True))
    return {id_: told[spec] for id_, spec in specs.items()}


async def _answer(provider: Available, spec: ResourceSpec) -> Availability:
    try:
        async with asyncio.timeout(_PATIENCE):
            return await provider.availability(spec)
    except Exception as error:
        # a page that offers ten providers is not held up by the mistake of one
        _logger.warning("A provider does not say what it has left: %s", kinds(error))
        return UNKNOWN
