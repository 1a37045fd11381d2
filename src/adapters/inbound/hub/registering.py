"""Gives the hub our pages and our part of its API, before it makes its list of addresses."""

from typing import Any

from jupyterhub import apihandlers, handlers

from .api import handlers as api_handlers
from .pages.administration import AdministrationPage
from .pages.progress_page import ProgressPage
from .pages.progress_stream import ProgressStream
from .pages.spawn_page import SpawnPage

Route = tuple[str, type[Any]]
"""A regular expression of a path below the hub's prefix, and what answers there."""

PAGES: tuple[Route, ...] = (
    (r"/multiplespawner", AdministrationPage),
    (r"/spawn", SpawnPage),
    (r"/spawn/([^/]+)", SpawnPage),
    (r"/spawn/([^/]+)/([^/]+)", SpawnPage),
    (r"/spawn-pending/([^/]+)", ProgressPage),
    (r"/spawn-pending/([^/]+)/([^/]+)", ProgressPage),
)
API: tuple[Route, ...] = (
    *api_handlers(),
    (r"/api/users/([^/]+)/server/progress", ProgressStream),
    (r"/api/users/([^/]+)/servers/([^/]*)/progress", ProgressStream),
)


def register() -> None:
    """Put ours before the hub's, so that they may stand in for them; safe to repeat.

    To be called before the hub starts: where its configuration names our spawner.
    """
    _put_first(handlers.default_handlers, PAGES)
    _put_first(apihandlers.default_handlers, API)


def _put_first(routes: list[Route], ours: tuple[Route, ...]) -> None:
    routes[:0] = [route for route in ours if route not in routes]
