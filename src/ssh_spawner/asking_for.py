"""What the host is asked for when a notebook is started: everything that it needs, in one request."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from jupyterhub.spawner import Spawner

from ..application.ports.provider import MARK
from .failing import failure
from .run import Run
from .settings import Hub

HUB_ADDRESSES = ("JUPYTERHUB_API_URL", "JUPYTERHUB_ACTIVITY_URL")
OWN_ADDRESS = "JUPYTERHUB_SERVICE_URL"
CERTIFICATES = {
    "keyfile": ("JUPYTERHUB_SSL_KEYFILE", "notebook.key"),
    "certfile": ("JUPYTERHUB_SSL_CERTFILE", "notebook.crt"),
    "cafile": ("JUPYTERHUB_SSL_CLIENT_CA", "authorities.crt"),
}
"""By JupyterHub's name: the variable that tells the notebook, the file in its folder."""

MORE = 30.0
"""Seconds after the hub's own limit until the host undoes a start that nobody asked to keep."""
TOKEN = re.compile(r"[A-Za-z0-9._-]{8,128}")


def read_certificates(paths: dict[str, str]) -> dict[str, str]:
    """Texts of certificates and key, by JupyterHub's name for them; blocks."""
    return {name: Path(path).read_text() for name, path in paths.items() if name in CERTIFICATES}


def launch_request(
    spawner: Spawner, run: Run, environment: dict[str, Any], certificates: dict[str, str]
) -> dict[str, Any]:
    """The request; holds secrets. Raises NotOnHost for what can't be passed to a program."""
    texts = {name: str(value) for name, value in environment.items() if value is not None}
    command = [*spawner.cmd, *spawner.get_args()]
    _check(texts, command)
    return {
        "do": "launch",
        "token": run.token,
        "base": run.base,
        "path": texts.get("PATH", ""),
        "command": command,
        "environment": {**texts, MARK: run.token},
        "addresses": _addresses(spawner, texts),
        "files": {
            CERTIFICATES[name][0]: (CERTIFICATES[name][1], text) for name, text in certificates.items()
        },
        "memory": int(spawner.mem_limit) if spawner.mem_limit else None,
        "cpus": float(spawner.cpu_limit) if spawner.cpu_limit else None,
        "port": spawner.port,
        "limit": spawner.start_timeout + MORE,
    }


def hub_of(spawner: Spawner) -> Hub:
    """Where the hub's API is, seen from the hub's machine."""
    url = urlsplit(spawner.hub_connect_url or spawner.hub.api_url)
    if "unix" in url.scheme:
        return Hub(unquote(url.netloc))
    return Hub(url.hostname or "127.0.0.1", url.port or (443 if url.scheme == "https" else 80))


def checked_token(token: str) -> str:
    """It, if it can name a folder. Raises NotOnHost."""
    if not TOKEN.fullmatch(token) or not token.strip("."):
        raise failure("setting_unusable", why=f"{MARK} can't be used as a name")
    return token


def checked_path(name: str, path: str) -> str:
    """It, if it is one line. Raises NotOnHost."""
    if not path or any(ord(each) < 32 for each in path):
        raise failure("setting_unusable", why=f"{name} must be a path")
    return path


def _addresses(spawner: Spawner, texts: dict[str, str]) -> dict[str, tuple[str, str, str]]:
    """What the host fills a port into: which one, what stands before it and what after it."""
    whose = {OWN_ADDRESS: "notebook", **dict.fromkeys(HUB_ADDRESSES, "hub")}
    return {
        name: (which, *_around_the_port(texts[name]))
        for name, which in whose.items()
        if name in texts and name not in spawner.environment
    }


def _around_the_port(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    scheme = "https" if parts.scheme.startswith("https") else "http"
    return f"{scheme}://127.0.0.1:", url.partition("://")[2].removeprefix(parts.netloc)


def _check(texts: dict[str, str], command: list[str]) -> None:
    if any("\0" in each for each in (*texts, *texts.values(), *command)):
        raise failure("setting_unusable", why="no program can get a NUL character")
    if any("=" in name or not name for name in texts):
        raise failure("setting_unusable", why="a name in its environment is empty or holds '='")
    if not command:
        raise failure("setting_unusable", why="SSHSpawner.cmd is empty")
