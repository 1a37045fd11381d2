"""Reads one request from its input, a line of JSON, and tells what happens, each on a line of its own."""

import contextlib
import json
import os
import select
import sys
from typing import Any

from . import asking, launching

PREFIX = "\x1e"
"""Begins our lines: an account's own shell may write others."""


def main() -> None:
    """Do what is asked for."""
    request = json.loads(sys.stdin.buffer.readline().decode())
    if request["do"] == "launch":
        launching.launch(request, tell, hear)
    elif request["do"] == "status":
        asking.status(request, tell)
    else:
        asking.stop(request, tell)


def tell(told: "dict[str, Any]") -> None:
    """Write a line; if the hub is gone, its end of the input says so as well."""
    with contextlib.suppress(OSError):
        os.write(1, f"\n{PREFIX}{json.dumps(told)}\n".encode())


def hear(seconds: float) -> "str | None":
    """What the hub says within this time: a word, "" when it is gone, None for nothing."""
    ready, _, _ = select.select([0], [], [], seconds)
    return os.read(0, 100).decode().strip() if ready else None
