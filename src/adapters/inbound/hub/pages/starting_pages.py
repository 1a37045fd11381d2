"""What the templates of a start's pages are filled with."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from jupyterhub.utils import url_escape_path, url_path_join
from tornado.httputil import url_concat

from .....domain.offers.words import hardware_words
from ..advice import short_id
from ..progress import bar
from ..step_words import doing, rows, short
from .last_start import LastStart

CANCELLED = "cancelled"
"""Key of the query with which the page of a start waits for the end of one that was called off."""


def addresses(handler: Any, user: Any, server_name: str) -> Mapping[str, str]:
    """Where a start's pages lead; where the person wanted to go (`next`) goes along."""
    wanted = handler.get_argument("next", None)
    more = {"next": wanted} if wanted else {}
    names = (user.escaped_name, url_escape_path(server_name))
    page = url_path_join(handler.hub.base_url, "spawn-pending", *names)
    return {
        "server_url": user.server_url(server_name),
        "spawn_url": url_concat(url_path_join(handler.hub.base_url, "spawn", *names), more),
        "page_url": url_concat(page, more),
        "waiting_url": url_concat(page, {**more, CANCELLED: "1"}),
        "home_url": url_path_join(handler.hub.base_url, "home"),
    }


def state(last: LastStart | None) -> Mapping[str, Any]:
    """Where a start is now: its steps, the bar, and how long the rest takes; None where it can't be told."""
    if last is None:
        return {
            "steps": [],
            "percent": 0,
            "remaining": None,
            "session": None,
            "doing": "Your server is requested",
        }
    progress, now = last.progress, datetime.now(UTC)
    running = [row["title"] for row in rows(progress, now) if row["state"] == "running"]
    return {
        "steps": rows(progress, now),
        "percent": bar(progress.percent(now)),
        "remaining": progress.remaining(now),
        "session": short_id(progress.session),
        "doing": running[-1] if running else doing(progress.steps[-1].name),
    }


def chosen(spawner: Any) -> str:
    """What is started: the offer's name and the hardware; empty before it is chosen, or by a hub before."""
    if spawner.chosen is None:
        return ""
    choice = spawner.chosen.choice
    return " · ".join(filter(None, (choice.offer.name, hardware_words(choice.selection.hardware))))


def in_words(seconds: float | None) -> str:
    """For templates: a time that people read at a glance."""
    return "" if seconds is None else short(seconds)
