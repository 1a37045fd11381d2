"""The hub's page on which people choose what to start, with our form filled as it was left."""

from collections.abc import Mapping
from typing import Any

from jupyterhub.handlers.pages import SpawnHandler

from ..fields import XSRF
from ..remembering import Remembering
from ..spawn_form.filling import AT_ONCE, fills
from ..spawn_form.html import REFUSED
from .last_start import failure_in_full


class SpawnPage(SpawnHandler):  # type: ignore[misc] # the hub has no types
    """`/hub/spawn/USER/SERVER`, and without either: the page itself is the hub's own `spawn.html`."""

    def _get_user_options(self, query_options: Mapping[str, Any]) -> Any:
        """What a link starts at once: nothing by keys that are there to fill the form, or for the hub."""
        if _is_ours(self.settings["spawner_class"]):
            is_for_form = any(fills(key) for key in query_options)
            query_options = {
                key: said
                for key, said in query_options.items()
                if key.startswith(AT_ONCE) or not (is_for_form or key == XSRF)
            }
        return super()._get_user_options(query_options)

    async def _render_form(
        self, for_user: Any, spawner_options_form: str, message: str = "", html_message: str = ""
    ) -> Any:
        """The page; what is wrong stands in the form, and once."""
        spawner = for_user.spawners[self._server_name]
        if _is_ours(type(spawner)) and self.request.method == "POST":
            # the hub takes that of the default server, which knows nothing of what was sent
            spawner.handler = self
            spawner_options_form = await spawner.get_options_form()
        if _is_ours(type(spawner)) and message and (failure := await failure_in_full(spawner)):
            message, html_message = failure, ""
        if REFUSED in (spawner_options_form or ""):
            message = html_message = ""
            if self.get_status() == 200 and self.request.query_arguments:
                self.set_status(400)
        return await super()._render_form(for_user, spawner_options_form, message, html_message)

    @property
    def _server_name(self) -> str:
        return self.path_args[1] if len(self.path_args) > 1 else ""


def _is_ours(spawner_class: type[Any]) -> bool:
    return issubclass(spawner_class, Remembering)
