"""From a session's document to the hub's row of its server, and to its inner spawner again."""

from collections.abc import Mapping
from typing import Any

from ....application.ports.inner_spawner import InnerSpawner
from ....bootstrap.hub import inner_spawner
from .choosing import take_times


async def rebuilt(users: Any, document: Mapping[str, Any]) -> InnerSpawner | None:
    """The inner spawner that a document tells of, on the hub's own spawner; None where the hub has none."""
    outer = _outer(users, document["server"])
    if outer is None:
        return None
    made = await inner_spawner(outer.given, document, document["token"])
    # the hub of now reads them from the outer spawner, which another hub's start had told
    take_times(outer, made)
    inner: InnerSpawner = made
    return inner


def is_pointed_to(users: Any, session: str, server: Mapping[str, Any]) -> bool:
    """Whether the server that a document tells of still points to the session."""
    if users is None:
        return True
    _, row = _row(users, server)
    return row is not None and row.server is not None and (row.state or {}).get("session") == session


def _outer(users: Any, server: Mapping[str, Any]) -> Any:
    user, row = _row(users, server)
    if row is None:
        return None
    outer = user.spawners[row.name]
    return outer if hasattr(outer, "given") else None


def _row(users: Any, server: Mapping[str, Any]) -> tuple[Any, Any]:
    """The hub's user and its row of a server; None where it has none."""
    try:
        user = users[server["user"]] if users is not None else None
    except KeyError:
        user = None
    rows = user.orm_spawners.values() if user is not None else ()
    return user, next((row for row in rows if row.id == server["spawner"]), None)
