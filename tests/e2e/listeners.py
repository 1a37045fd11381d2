"""Somebody who listens to the hub's stream of progress events, as a browser does."""

import json
import threading
from typing import Any

import requests
from attrs import define, field

from e2e.hubs import ADMIN, LIMIT, RealHub


@define(eq=False)
class Listener:
    """Listens in a thread of its own until the stream ends."""

    hub: RealHub
    path: str
    """Of the stream, below the API."""
    events: list[dict[str, Any]] = field(factory=list, init=False)
    """What has come so far."""
    _thread: threading.Thread = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    @property
    def messages(self) -> list[str]:
        """Texts of what has come so far."""
        return [event["message"] for event in self.events if "message" in event]

    def rest(self) -> list[dict[str, Any]]:
        """All events, once the stream has ended."""
        self._thread.join(LIMIT)
        assert not self._thread.is_alive()
        return self.events

    def _listen(self) -> None:
        headers = {"Authorization": f"token {ADMIN}"}
        url = f"{self.hub.url}/hub/api/{self.path}"
        with requests.get(url, headers=headers, stream=True, timeout=LIMIT) as answer:
            for line in answer.iter_lines(decode_unicode=True):
                if line.startswith("data:"):
                    self.events.append(json.loads(line.partition(":")[2]))
