"""Our templates, which extend those of the hub, its theme and what an administrator put in their place."""

from asyncio import to_thread
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, Template
from markupsafe import Markup

PREFIX = "multiplespawner"
"""Folder of our templates: `multiplespawner/administration.html`, also below the hub's `template_paths`."""


class Rendered:
    """Part of a page's handler; stands before the hub's class among its bases.

    `render_template` then knows our templates beside the hub's.
    """

    settings: MutableMapping[str, Any]

    def get_template(self, name: str, sync: bool = False) -> Template:
        """A template of ours or of the hub's; `sync`: one that is rendered without awaiting."""
        key = "jinja2_env_sync" if sync else "jinja2_env"
        # kept where the hub keeps its own: what is compiled is compiled once
        ours = f"{PREFIX}_{key}"
        if ours not in self.settings:
            self.settings[ours] = with_ours(self.settings[key])
        environment: Environment = self.settings[ours]
        return environment.get_template(name)

    async def render_apart(self, name: str, **values: Any) -> Markup:
        """What is long of a page, filled in beside the event loop, with these values and none of the hub."""
        return Markup(await to_thread(self.get_template(name, sync=True).render, **values))  # noqa: S704


def with_ours(hub: Environment) -> Environment:
    """The hub's environment with our templates; everything that is filled in is escaped."""
    ours = PrefixLoader({PREFIX: FileSystemLoader(Path(__file__).parent)})
    loaders = [ours] if hub.loader is None else [hub.loader, ours]
    return hub.overlay(loader=ChoiceLoader(loaders), autoescape=True)
