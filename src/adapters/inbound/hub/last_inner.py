"""What makes the inner spawner of a server's last session again, kept until the server is deleted."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from ....application.house import House
from ....bootstrap.hub import inner_spawner

_PARTS = ("class", "kwargs", "user_options", "server")
"""Of a session's document; its token is of no use any more."""


async def keep(house: House, document: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Keep it for the server, in place of what was kept; returns that, None if there was nothing."""
    key, kept = _key(house, document["server"]["spawner"]), {part: document[part] for part in _PARTS}
    before: Mapping[str, Any] | None = await house.ports.private.get(key)
    # most servers are started again as they were, and a write waits for the disk
    if before != kept:
        await house.ports.private.put(key, kept)
    return before


async def put_back(house: House, document: Mapping[str, Any], before: Mapping[str, Any] | None) -> None:
    """Have what was kept before: the session of the document never came to be."""
    key = _key(house, document["server"]["spawner"])
    if before is None:
        await house.ports.private.forget(key)
    else:
        await house.ports.private.put(key, before)


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
