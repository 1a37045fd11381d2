"""The hub's own route that starts and edits a server, which says why not in its body too."""

from typing import Any

from jupyterhub.apihandlers.users import UserServerAPIHandler

from .....domain.refusals import Refusal
from ..spawner import MultipleSpawner
from .bodies import NotAnObject, read_json
from .refusing import TellsWhy, refused


class StartHandler(TellsWhy, UserServerAPIHandler):  # type: ignore[misc] # the hub has no types
    """The hub's, with bodies read and refused as ours are where the spawner is ours.

    A hub that has another spawner loads our class as well, to know its settings: there nothing changes.
    """

    def get_json_body(self) -> Any:
        """The body of an edit, or of a stop. Raises HTTPError for what can't be read."""
        self._judge()
        return super().get_json_body()

    def get_server_json_body(self) -> Any:
        """The body of a start. Raises HTTPError for what can't be read."""
        self._judge()
        return super().get_server_json_body()

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Write why not."""
        if self._is_ours:
            super().write_error(status_code, **kwargs)
        else:
            UserServerAPIHandler.write_error(self, status_code, **kwargs)

    @property
    def _is_ours(self) -> bool:
        return issubclass(self.settings["spawner_class"], MultipleSpawner)

    def _judge(self) -> None:
        if not self._is_ours:
            return
        try:
            read = read_json(self.request.body)
            if read and not isinstance(read, dict):
                raise NotAnObject("an object or nothing")
        except Refusal as refusal:
            raise refused(refusal) from refusal
