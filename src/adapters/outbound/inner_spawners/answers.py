"""Read what spawners of any age and make answer: addresses, exit statuses, states, errors."""

import json
import re
from base64 import encodebytes
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from jupyterhub.orm import JSONDict
from jupyterhub.utils import AnyTimeoutError
from tornado.web import HTTPError

from ....application.ports.inner_spawner import Liveness, Polled, SpawnFailed

_CODE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)+", re.ASCII)


def url_of(answer: Any, secure: bool) -> str:
    """Return the URL in what `start` gave: a URL, or (ip, port) with `ip` of either family.

    Raises SpawnFailed: `inner_no_address` where there is none, `inner_bad_address` where it can't be read.
    """
    if not answer:
        raise SpawnFailed("inner_no_address", "The notebook started, but its spawner gave no address for it.")
    try:
        url = answer if isinstance(answer, str) else _joined(answer, "https" if secure else "http")
        parts = urlsplit(url)
        if parts.scheme in ("http", "https") and parts.hostname and parts.port != 0:
            return url
    except (TypeError, ValueError):
        pass  # the same answer as for a URL without a host
    raise SpawnFailed("inner_bad_address", "The notebook started, but its spawner gave an unusable address.")


def _joined(address: Any, scheme: str) -> str:
    ip, port = address
    host = f"[{ip}]" if ":" in ip and not ip.startswith("[") else ip
    return f"{scheme}://{host}:{int(port)}"


def polled(answer: Any) -> Polled:
    """Return what a spawner's `poll` answer means: None is running, anything else is gone.

    DockerSpawner answers with a sentence, "ExitCode=137, Error='', …": the status is read from it.
    """
    if answer is None:
        return Polled(Liveness.RUNNING)
    if isinstance(answer, int):
        return Polled(Liveness.GONE, int(answer))
    named = re.search(r"(?:exit|code|status)\D{0,3}?(-?\d+)", str(answer), re.IGNORECASE)
    return Polled(Liveness.GONE, int(named[1]) if named else 0, str(answer)[:500])


def strict_json(state: Any) -> dict[str, Any]:
    """Return a copy of a state as the hub would store it; bytes are marked, NaN becomes null.

    What JSON can't hold is null too, as in the hub. Raises TypeError for keys that JSON can't hold.
    """
    text = json.dumps(state or {}, default=_as_the_hub_stores)
    found = json.loads(text, parse_constant=lambda _: None)
    return found if isinstance(found, dict) else {}


def _as_the_hub_stores(value: Any) -> Any:
    # The form that JSONDict reads; its own writer logs a warning for each value that it can't store.
    if isinstance(value, bytes):
        return {"__jupyterhub_bytes__": True, "data": encodebytes(value).decode("ascii")}
    return None


def from_strict_json(state: Mapping[str, Any]) -> Any:
    """Return the state that `strict_json` copied: what was bytes is bytes again."""
    return JSONDict().process_result_value(json.dumps(dict(state)), None)


def start_failed(error: BaseException) -> SpawnFailed:
    """Return the port's error for what a spawner's `start` raised.

    Only a text which its author meant for the user is shown: others may hold a token. Codes: for these the
    error's own `code`, such as `no_python`, else `inner_refused`; `inner_timeout`; `inner_start_failed` for
    the rest.
    """
    if isinstance(error, SpawnFailed):
        return error
    if message := _meant_for_the_user(error):
        code = getattr(error, "code", None)
        if isinstance(code, str) and _CODE.fullmatch(code):
            return SpawnFailed(code, message)
        return SpawnFailed("inner_refused", message)
    if isinstance(error, AnyTimeoutError):
        return SpawnFailed("inner_timeout", "The notebook did not start in time.")
    kind = type(error).__name__
    return SpawnFailed("inner_start_failed", f"The notebook could not be started ({kind}).")


def _meant_for_the_user(error: BaseException) -> str:
    message = getattr(error, "jupyterhub_message", "")
    if not message and isinstance(error, HTTPError):
        # SpawnException has `message`; tornado's own error shows its reason, and the hub its log message.
        message = getattr(error, "message", "") or _log_message(error) or error.reason
    return str(message or "")


def _log_message(error: HTTPError) -> str:
    # Tornado keeps it as a format, with every % doubled where there is nothing to fill in.
    return str(error.log_message or "") % (error.args or ())
