"""Reaping: destroying what a provider holds of ours though the log does not know it any more."""

import logging

from attrs import frozen

from .ports.event_log import EventLog
from .ports.provider import Instance, Provider, ProviderError
from .ports.providers import ProviderMissing, Providers
from .views.open_resources import open_resources

_logger = logging.getLogger("multiplespawner.reaping")

TOO_MANY = 10
"""Orphans at one provider at which we rather believe that the log is wrong."""


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


async def reap(log: EventLog, providers: Providers, name: str) -> Reaped:
    """Destroy the orphans of one provider; safe to repeat. Raises LogUnavailable."""
    destroyed: list[str] = []
    try:
        provider = providers.provider(name)
        orphans = await _orphans(log, provider)
        if len(orphans) >= TOO_MANY:
            return _too_many(name, orphans)
        for orphan in orphans:
            _logger.warning("Destroying orphan %s at provider %s.", orphan.id, name)
            await provider.destroy(orphan.id)
            destroyed.append(orphan.id)
    except (ProviderMissing, ProviderError) as error:
        _logger.warning("Provider %s can't be asked or can't destroy what it holds of ours: %s", name, error)
        return Reaped(name, tuple(destroyed), failed=str(error))
    return Reaped(name, tuple(destroyed))


async def _orphans(log: EventLog, provider: Provider) -> tuple[Instance, ...]:
    owned = await provider.list_owned(log.owner)
    # the log is read afterwards: what was requested meanwhile is no orphan
    held = await open_resources(log) if owned else {}
    return tuple(instance for instance in owned if instance.token.partition("-")[2] not in held)


def _too_many(name: str, orphans: tuple[Instance, ...]) -> Reaped:
    _logger.error(
        "Provider %s holds %d things of ours that the log does not know; none of them is destroyed. "
        "If this is the right event log, destroy them by hand.",
        name,
        len(orphans),
    )
    return Reaped(name, left=tuple(orphan.id for orphan in orphans))
