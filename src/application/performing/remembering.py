"""What is applied to a machine is remembered with it, where its provider can; no start fails for that."""

import logging
from collections.abc import Awaitable, Callable

from ...domain.world import World
from ..failures import kinds
from ..ports.keeps_applied import KeepsApplied
from ..ports.provider import Provider

_logger = logging.getLogger("multiplespawner.driver")


async def remember(world: World, provider: Provider) -> None:
    """The deployment's configurer was applied."""
    if isinstance(provider, KeepsApplied):
        await _tried(provider.keep_applied, world)


async def forget(world: World, provider: Provider) -> None:
    """The deployment's configurer is to be applied, or what was applied is of no use."""
    if isinstance(provider, KeepsApplied):
        await _tried(provider.forget_applied, world)


async def _tried(call: Callable[[str, str], Awaitable[None]], world: World) -> None:
    digest, ids = world.deployment.configurer, world.resource.ids
    if digest is None or not ids:
        return
    try:
        await call(ids[-1], digest)
    except Exception as error:
        # the machine is as it is: at worst it is set up once more, or a start fails once more
        _logger.warning(
            "How the machine of resource %s is set up is not remembered: %s", world.resource_id, kinds(error)
        )
