"""How our handlers say no: in JSON, with what programs go by."""

import json
from collections.abc import Mapping
from typing import Any

from jupyterhub.apihandlers.base import APIHandler
from jupyterhub.spawner import SpawnException
from tornado.web import HTTPError, RequestHandler

from .....domain.refusals import Refusal


class TellsWhy(APIHandler):  # type: ignore[misc] # the hub has no types
    """A handler whose answer to what is refused has the code and the place beside the words."""

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Write why not; without a refusal, as the hub does."""
        error = (kwargs.get("exc_info") or (None, None))[1]
        if status_code == 405:
            self.set_header("Allow", ", ".join(self.methods))
        if isinstance(error, SpawnException) or (status_code == 400 and isinstance(error, HTTPError)):
            self.write(json.dumps({"status": status_code, **_why(error)}))
        else:
            super().write_error(status_code, **kwargs)

    @property
    def methods(self) -> tuple[str, ...]:
        """What it answers to."""
        missing, own = RequestHandler._unimplemented_method, type(self)
        return tuple(name for name in self.SUPPORTED_METHODS if getattr(own, name.lower()) is not missing)


def refused(refusal: Refusal) -> HTTPError:
    """What to raise `from` a refusal."""
    return HTTPError(400, refusal.message, reason=refusal.code)


def _why(error: HTTPError) -> Mapping[str, Any]:
    refusal = error.__cause__
    if isinstance(refusal, Refusal):
        return {**_told(refusal), "also": [_told(each) for each in refusal.also]}
    # what is for the log only stays there
    message = error.message if isinstance(error, SpawnException) else error.get_message()
    return {
        "message": message or "This request can't be read.",
        "reason": error.reason or "bad_request",
        "place": "",
        "allowed": None,
        "also": [],
    }


def _told(refusal: Refusal) -> Mapping[str, Any]:
    allowed = getattr(refusal, "allowed", None) or getattr(refusal, "fitting", None)
    return {
        "message": refusal.message,
        "reason": refusal.code,
        "place": refusal.place,
        "allowed": allowed,
    }
