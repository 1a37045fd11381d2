"""Hubs for people with browsers."""

from pathlib import Path
from typing import Any

from e2e.hubs import LOCAL, STAND_IN, RealHub, local

HARDWARE = {
    "cpu": {"minimum": 1, "maximum": 8, "default": 4},
    "memory": {"minimum": 1, "maximum": 32, "default": 16},
}
OPTIONS = [
    {"name": "colour", "type": "choice", "title": "Colour", "choices": ["red", "green"], "default": "red"},
    {"name": "word", "type": "text", "title": "Magic word", "pattern": "[a-z]+", "default": "please"},
    {"name": "fast", "type": "boolean", "title": "As fast as it goes", "default": True},
]


def gated(folder: Path, name: str, **more: Any) -> dict[str, Any]:
    """A template whose start waits for the test."""
    kwargs = {"cmd": STAND_IN, "gates": str(folder)}
    return local(name, spawner={"class": "e2e.gated_spawners.Gated", "kwargs": kwargs}, **more)


def laboratory(**more: Any) -> dict[str, Any]:
    """A template with a real JupyterLab."""
    kwargs = {
        "args": ["--allow-root"],
        "default_url": "/lab",
        "environment": {"JUPYTER_PREFER_ENV_PATH": "1"},
    }
    offered = {"display_name": "Laboratory", "start_timeout": 120, "http_timeout": 120}
    return local("Lab", spawner={"class": LOCAL, "kwargs": kwargs}, **offered, **more)


def open_gate(folder: Path, user: str, how: str = "start") -> None:
    """Let the user's start go on, or `fail`."""
    (folder / user).write_text(how)


def close_gate(folder: Path, user: str) -> None:
    """Have the user's next start wait."""
    (folder / user).unlink(missing_ok=True)


def last_is_given_back(hub: RealHub) -> bool:
    """Whether what was requested last is held no longer."""
    facts = hub.facts()
    last = [stream for stream, topic in facts if topic == "resource.requested"][-1]
    return (last, "resource.released") in facts
