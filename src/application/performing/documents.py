"""The document of a deployment in the private store: what it is made from, also after a restart."""

from collections.abc import Mapping
from typing import Any

from ...domain.world import World
from ..failures import StepFailed
from ..ports.private_store import PrivateStore

Document = Mapping[str, Any]


def key_of(world: World, what: str) -> str:
    """Where something of a deployment lies in the private store."""
    return f"deployment/{world.deployment_id}/{what}"


async def document_of(world: World, private: PrivateStore) -> Document:
    """The deployment's document. Raises StepFailed where it is gone."""
    found: Document | None = await private.get(key_of(world, "spawner"))
    if found is None:
        gone = "What this server was to be made from is gone."
        raise StepFailed("prepare", "document_missing", gone)
    return found
