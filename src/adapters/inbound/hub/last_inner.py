"""What makes the inner spawner of a server's last session again, kept until the server is deleted."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from ....application.house import House
from ....bootstrap.hub import inner_spawner
from .choosing import Chosen

_PARTS = ("class", "kwargs", "names", "user_options", "server")
"""Of a session's document; its token is of no use any more."""


async def keep(house: House, chosen: Chosen) -> Mapping[str, Any] | None:
    """Keep what makes the chosen inner spawner again, in place of what was kept; returns that, or None.

    Nothing is kept for one that would have nothing to delete.
    """
    key, before = await _kept(house, chosen)
    makings = {part: chosen.document[part] for part in _PARTS} if chosen.inner.has_more_to_delete else None
    await _replace(house, key, before, makings)
    return before


async def put_back(house: House, chosen: Chosen, before: Mapping[str, Any] | None) -> None:
    """Have what was kept before: the session of what was chosen never came to be."""
    key, now = await _kept(house, chosen)
    await _replace(house, key, now, before)


async def _kept(house: House, chosen: Chosen) -> tuple[str, Mapping[str, Any] | None]:
    key = _key(house, chosen.document["server"]["spawner"])
    return key, await house.ports.private.get(key)


async def _replace(
    house: House, key: str, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None
) -> None:
    # most servers are started again as they were, and a write waits for the disk
    if new is None and old is not None:
        await house.ports.private.forget(key)
    elif new != old:
        await house.ports.private.put(key, new)


async def delete_forever(house: House, outer: Any) -> None:
    """Have the last inner spawner of a server delete what it keeps, and know nothing of it any more."""
    key = _key(house, outer.orm_spawner.id)
    kept = await house.ports.private.get(key)
    if kept is None or kept["server"]["user"] != outer.user.id:
        return
    try:
        await (await inner_spawner(outer.given, kept, "")).delete_forever()
    finally:
        # also after an error: the hub logs it and deletes the row, so that nobody would ask again
        await house.ports.private.forget(key)


def _key(house: House, row: int) -> str:
    hub = sha256((house.hub or "").encode()).hexdigest()[:16]
    return f"server/{hub}/{row}"
