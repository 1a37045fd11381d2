"""Reaping: destroying what a provider holds of ours though the log does not know it any more."""

import asyncio
import logging
from collections.abc import Awaitable, Sequence
from typing import TypeVar

from attrs import frozen

from .failures import kinds
from .ports.event_log import EventLog, LogDamaged, LogUnavailable
from .ports.provider import Instance, ProviderError, Unavailable
from .ports.providers import ProviderMissing, Providers
from .views.open_resources import OpenResources

_logger = logging.getLogger("multiplespawner.reaping")

TOO_MANY = 10
"""Things unknown to the log at one provider at which we rather believe that the log is wrong."""

CALL_LIMIT = 60
"""Seconds that one call of a provider may take; then the round goes on without it."""

_T = TypeVar("_T")


@frozen
class Reaped:
    """What was done at one provider."""

    provider: str
    destroyed: tuple[str, ...] = ()
    """Ids, at the provider, of orphans that are gone now."""
    left: tuple[str, ...] = ()
    """Ids of orphans that were too many at once to be destroyed."""
    failed: str | None = None
    """Why the provider could not be asked, or not destroy; None if it could."""


async def reap(
    log: EventLog, resources: OpenResources, providers: Providers, name: str, limit: float = CALL_LIMIT
) -> Reaped:
    """Destroy the orphans of one provider; safe to repeat. Raises LogUnavailable.

    Whatever else goes wrong, also in foreign code, is told in what is returned.
    """
    destroyed: list[str] = []
    try:
        provider = providers.provider(name)
        owned = await _within(limit, provider.list_owned(log.owner))
        released, unknown = await _orphans(log, resources, owned)
        left = unknown if len(unknown) >= TOO_MANY else ()
        if left:
            _tell_too_many(name, left)
        for orphan in (*released, *(() if left else unknown)):
            _logger.warning("Destroying orphan %s at provider %s.", orphan.id, name)
            await _within(limit, provider.destroy(orphan.id))
            destroyed.append(orphan.id)
    except LogUnavailable:
        raise
    except Exception as error:
        why = _why(error)
        _logger.warning("Provider %s can't be asked or can't destroy what it holds of ours: %s", name, why)
        return Reaped(name, tuple(destroyed), failed=why)
    return Reaped(name, tuple(destroyed), tuple(orphan.id for orphan in left))


async def _within(limit: float, call: Awaitable[_T]) -> _T:
    try:
        async with asyncio.timeout(limit):
            return await call
    except TimeoutError as error:
        raise Unavailable(f"no answer within {limit:g} s") from error


def _why(error: Exception) -> str:
    """What may be told of it: the words of foreign errors can hold a secret."""
    ours = isinstance(error, ProviderMissing | ProviderError | LogDamaged)
    return str(error) if ours else kinds(error)


async def _orphans(
    log: EventLog, resources: OpenResources, owned: Sequence[Instance]
) -> tuple[tuple[Instance, ...], tuple[Instance, ...]]:
    """What is there though the log says released, and what the log has never heard of."""
    # the log is read afterwards: what was requested meanwhile is no orphan
    held = await resources.held() if owned else {}
    orphans = [instance for instance in owned if _resource(instance) not in held]
    known = {orphan.id for orphan in orphans if await log.read(f"resource:{_resource(orphan)}")}
    released = tuple(orphan for orphan in orphans if orphan.id in known)
    return released, tuple(orphan for orphan in orphans if orphan.id not in known)


def _resource(instance: Instance) -> str:
    return instance.token.partition("-")[2]


def _tell_too_many(name: str, orphans: tuple[Instance, ...]) -> None:
    _logger.error(
        "Provider %s holds %d things of ours that the log does not know; none of them is destroyed. "
        "If this is the right event log, destroy them by hand.",
        name,
        len(orphans),
    )
