"""Renting from a provider and giving back."""

from collections.abc import Iterable
from datetime import timedelta

from ...domain.plan import release_done
from ...domain.resource import RecordConfigured, RecordCreated, RecordLost, RecordProvisioned
from ...domain.world import Command, World
from ..failures import StepFailed, of_provider
from ..ports.clock import Clock
from ..ports.provider import (
    Instance,
    InstanceState,
    NotFound,
    NotTrusted,
    Provider,
    ProviderError,
    ResourceSpec,
)

_POLL_EVERY = timedelta(seconds=2)


async def allocate(world: World, provider: Provider) -> tuple[Command, ...]:
    """Have it made, once: what an overlapping driver made as well is destroyed."""
    resource = world.resource
    spec = ResourceSpec(resource.type, resource.hardware, resource.image)
    try:
        kept = await provider.ensure(resource.token, spec)
        for other in await provider.find(resource.token):
            if other.id != kept.id:
                await provider.destroy(other.id)
    except ProviderError as error:
        raise of_provider(error) from error
    return (RecordCreated(kept.id, kept.parts),)


async def await_provisioned(world: World, provider: Provider, clock: Clock) -> tuple[Command, ...]:
    """Ask until it runs."""
    id_ = world.resource.ids[-1]
    while True:
        try:
            instance = await provider.get(id_)
        except NotFound as error:
            return (RecordLost(error.code),)
        except ProviderError as error:
            raise of_provider(error) from error
        match instance.state:
            case InstanceState.RUNNING:
                return (RecordProvisioned(instance.endpoint, instance.host_keys), *_applied(world, instance))
            case InstanceState.GONE:
                return (RecordLost("gone"),)
            case InstanceState.FAILED:
                raise StepFailed("provision", "provider_failed", "The provider could not start the machine.")
        await clock.wait_until(clock.now() + _POLL_EVERY)


async def release(world: World, provider: Provider) -> tuple[Command, ...]:
    """Destroy all that was ever made for it, and be sure that nothing is left."""
    token = world.resource.token
    try:
        if provider.allocates:
            await _destroy(provider, world.resource.ids)
        await _destroy(provider, _ids(await provider.find(token)))
        left = await provider.find(token)
    except NotTrusted as error:
        if world.resource.ids or not provider.allocates:
            raise of_provider(error) from error
        # nothing was ever heard of there; should there be something, it is an orphan
        left = ()
    except ProviderError as error:
        raise of_provider(error) from error
    if left:
        raise StepFailed("release", "still_there", "The provider still has it.", may_retry=True)
    return release_done(world)


async def destroy_all(world: World, provider: Provider) -> bool:
    """Destroy what the provider finds by the token, such as a notebook that its spawner can't stop.

    Whether it found anything.
    """
    try:
        found = _ids(await provider.find(world.resource.token))
        await _destroy(provider, found)
    except ProviderError as error:
        raise of_provider(error) from error
    return bool(found)


async def created(world: World, provider: Provider) -> tuple[RecordCreated, ...]:
    """What an inner spawner made, as the provider finds it; () while the provider can't tell."""
    try:
        found = await provider.find(world.resource.token)
    except ProviderError:
        return ()
    return tuple(RecordCreated(instance.id, instance.parts) for instance in found)


def _applied(world: World, instance: Instance) -> tuple[RecordConfigured, ...]:
    """That it is set up already as this deployment wants it, if its provider says so."""
    digest = world.deployment.configurer
    return (RecordConfigured(digest),) if digest is not None and digest in instance.applied else ()


def _ids(instances: Iterable[Instance]) -> tuple[str, ...]:
    return tuple(instance.id for instance in instances)


async def _destroy(provider: Provider, ids: Iterable[str]) -> None:
    for id_ in ids:
        await provider.destroy(id_)
