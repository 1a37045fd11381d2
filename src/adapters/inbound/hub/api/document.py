"""The OpenAPI document of what this folder answers."""

import asyncio
import json
from importlib.resources import files
from typing import Any

from jupyterhub.utils import url_path_join

from .refusing import TellsWhy


def document() -> dict[str, Any]:
    """The document as it lies in the package. Reads a file."""
    text = files(__package__).joinpath("openapi.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


class DocumentHandler(TellsWhy):
    """Hands it out to anyone, with the address of this hub's API."""

    def check_xsrf_cookie(self) -> None:
        """Nothing in it is secret, and nothing changes."""

    async def get(self) -> None:
        """The document."""
        found = await asyncio.to_thread(document)
        found["servers"][0]["url"] = url_path_join(self.hub.base_url, "api")
        self.finish(found)
