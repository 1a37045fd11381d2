"""The API beside the hub's own: what the signed-in user may start, and what became of it."""

import re
from collections.abc import Mapping

from jupyterhub.apihandlers.base import APIHandler

from .choice import ChoiceHandler
from .configuration import ConfigurationHandler
from .document import DocumentHandler
from .offers import OffersHandler
from .sessions import SessionHandler, SessionsHandler
from .starting import StartHandler

ROUTES: Mapping[str, type[APIHandler]] = {
    "/multiplespawner/offers": OffersHandler,
    "/multiplespawner/choice": ChoiceHandler,
    "/multiplespawner/sessions": SessionsHandler,
    "/multiplespawner/sessions/{session}": SessionHandler,
    "/multiplespawner/configuration": ConfigurationHandler,
    "/multiplespawner/openapi.json": DocumentHandler,
    "/users/{user}/server": StartHandler,
    "/users/{user}/servers/{server}": StartHandler,
}
"""Paths as openapi.json has them, below the hub's API."""


def handlers() -> tuple[tuple[str, type[APIHandler]], ...]:
    """Our handlers with their patterns, as the hub's own modules have them."""
    return tuple((f"/api{re.sub('{[a-z]+}', '([^/]*)', path)}", each) for path, each in ROUTES.items())
