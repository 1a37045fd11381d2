"""What our program on a host may tell: whoever answers in its place can't bring the hub to a stop."""

import json
from collections.abc import Mapping
from typing import Any

Told = Mapping[str, Any]

LONGEST = 16_000
"""Characters of a text, such as the last lines of a notebook's log."""

FIELDS: Mapping[str, Mapping[str, tuple[type, ...]]] = {
    "limits": {"missing": (list,)},
    "started": {
        "pid": (int,),
        "born": (int, type(None)),
        "boot": (str,),
        "port": (int,),
        "hub_port": (int,),
        "folder": (str,),
        "sockets": (str,),
    },
    "ended": {"status": (int, type(None)), "tail": (str,)},
    "failed": {"code": (str,), "why": (str,)},
    "gone": {"status": (int, type(None))},
    "left": {"count": (int,)},
}
"""By event; of others nothing more is read."""
PORTS = ("port", "hub_port")


def understood(text: str) -> Told:
    """One line of it. Raises ValueError for what it never tells."""
    try:
        told = json.loads(text)
    except RecursionError as error:
        raise ValueError("it is too deep") from error
    if not isinstance(told, dict) or not isinstance(told.get("event"), str):
        raise ValueError("it is no event")
    for name, kinds in FIELDS.get(told["event"], {}).items():
        if name not in told or type(told[name]) not in kinds:
            raise ValueError(f"{name} is something else")
    if not all(_is_short(value) for value in told.values()):
        raise ValueError("a value is too long")
    if told["event"] == "started" and not all(0 < told[name] < 65536 for name in PORTS):
        raise ValueError("a port is none")
    return told


def _is_short(value: Any) -> bool:
    if isinstance(value, list):
        return len(value) < 100 and all(isinstance(each, str) and len(each) < 1000 for each in value)
    if isinstance(value, int):
        return abs(value) < 2**63
    return not isinstance(value, dict) and len(str(value)) <= LONGEST
