"""Reaping: destroying what a provider holds of ours though the log does not know it any more."""

import logging

from attrs import frozen

from .ports.event_log import EventLog
from .ports.provider import Instance, Provider, ProviderError
from .ports.providers import ProviderMissing, Providers
from .views.open_resources import OpenResources

_logger = logging.getLogger("multiplespawner.reaping")

TOO_MANY = 10
"""Things unknown to the log at one provider at which we rather believe that the log is wrong."""


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


async def reap(log: EventLog, resources: OpenResources, providers: Providers, name: str) -> Reaped:
    """Destroy the orphans of one provider; safe to repeat. Raises LogUnavailable."""
    destroyed: list[str] = []
    try:
        provider = providers.provider(name)
        released, unknown = await _orphans(log, resources, provider)
        left = unknown if len(unknown) >= TOO_MANY else ()
        if left:
            _tell_too_many(name, left)
        for orphan in (*released, *(() if left else unknown)):
            _logger.warning("Destroying orphan %s at provider %s.", orphan.id, name)
            await provider.destroy(orphan.id)
            destroyed.append(orphan.id)
    except (ProviderMissing, ProviderError) as error:
        _logger.warning("Provider %s can't be asked or can't destroy what it holds of ours: %s", name, error)
        return Reaped(name, tuple(destroyed), failed=str(error))
    return Reaped(name, tuple(destroyed), tuple(orphan.id for orphan in left))


async def _orphans(
    log: EventLog, resources: OpenResources, provider: Provider
) -> tuple[tuple[Instance, ...], tuple[Instance, ...]]:
    """What is there though the log says released, and what the log has never heard of."""
    owned = await provider.list_owned(log.owner)
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
