"""Starting again what was started last: the button says which, the request stays here."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from .....domain.refusals import Refusal

AGAIN = "start-again"
"""Name of the button; its value is the mark of what it shows."""


class LastHasChanged(Refusal):
    """Something else was started since the page was made."""

    code = "last_has_changed"

    def __init__(self) -> None:
        super().__init__("What you started last is something else by now. Look again.")


def mark(request: Mapping[str, Any]) -> str:
    """What tells a remembered request from another one."""
    return sha256(json.dumps(request, sort_keys=True, default=repr).encode()).hexdigest()[:16]


def again(remembered: Mapping[str, Any], said: Any) -> Mapping[str, Any]:
    """The remembered request, if a button that says this showed it. Raises LastHasChanged."""
    if mark(remembered) not in said:
        raise LastHasChanged
    return remembered
