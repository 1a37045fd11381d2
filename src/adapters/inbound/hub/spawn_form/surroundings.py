"""Of the page around the form what it must know: its address, and who looks at it."""

from collections.abc import Mapping
from typing import Any

from attrs import frozen
from jupyterhub.handlers.pages import SpawnHandler
from jupyterhub.utils import url_path_join

from .....application.ports.configuration import Configurations


@frozen
class Surroundings:
    """What links in the form need."""

    kept: Mapping[str, str] = {}
    """Keys of the page's address that the hub itself reads: links to the same page have them, too."""
    administration: str = ""
    """Path of the administrator's page, for whom something is to be seen there; else empty."""


def around(handler: Any, configurations: Configurations) -> Surroundings:
    """What there is around a form that the hub's page asked for; nothing if it was asked for otherwise."""
    if not isinstance(handler, SpawnHandler):
        return Surroundings()
    found = {key: handler.get_query_argument(key, "") for key in ("next", "display_name")}
    is_wrong = configurations.refused is not None or bool(configurations.current.errors)
    is_shown = is_wrong and "admin-ui" in handler.parsed_scopes
    page = url_path_join(handler.hub.base_url, "multiplespawner") if is_shown else ""
    return Surroundings({key: value for key, value in found.items() if value}, page)
