"""The hub's own route that starts a server, which says why not in its body too."""

from typing import Any

from jupyterhub.apihandlers.users import UserServerAPIHandler

from .....domain.refusals import Refusal
from ..spawner import MultipleSpawner
from .bodies import NotAnObject, read_json
from .refusing import TellsWhy, refused


class StartHandler(TellsWhy, UserServerAPIHandler):  # type: ignore[misc] # the hub has no types
    """The hub's, with bodies read as ours are where the spawner is ours."""

    def get_server_json_body(self) -> Any:
        """The body of a start. Raises HTTPError for what can't be read."""
        if issubclass(self.settings["spawner_class"], MultipleSpawner):
            self._judge(self.request.body)
        return super().get_server_json_body()

    def _judge(self, body: bytes) -> None:
        try:
            read = read_json(body)
            if read and not isinstance(read, dict):
                raise NotAnObject("an object or nothing")
        except Refusal as refusal:
            raise refused(refusal) from refusal
