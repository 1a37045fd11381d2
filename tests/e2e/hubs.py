"""A real hub with its own proxy, in a folder of its own, to be stopped, killed and started again."""

import contextlib
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import psutil
import requests
from attrs import define, field

from e2e.ports import three_free_ports

ADMIN = "only-for-tests-" + "0" * 32
"""API token of a service that may do everything."""

LIMIT = 90.0
"""Seconds that any wait may take; a hub is there after about four on two idle cores."""

TESTS = Path(__file__).parents[1]
"""Modules below it can be imported by the hub."""

LOCAL = "jupyterhub.spawner.SimpleLocalProcessSpawner"
"""Runs notebooks as whoever runs the hub."""

STAND_IN = [sys.executable, "-I", str(Path(__file__).with_name("stand_in.py"))]
"""Command of a server that answers like a notebook and is there much sooner."""

CONFIG = """
port = {port}
c.JupyterHub.spawner_class = "multiplespawner.MultipleSpawner"
c.MultipleSpawner.directory = "{folder}/ms"
c.JupyterHub.bind_url = "http://127.0.0.1:{port}"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:{hub_port}"
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{proxy_port}"
c.ConfigurableHTTPProxy.command = ["{proxy}"]
c.ConfigurableHTTPProxy.log_level = "warn"
c.JupyterHub.cleanup_servers = False
c.JupyterHub.allow_named_servers = True
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.SimpleLocalProcessSpawner.home_dir_template = "{folder}/home/{{username}}"
c.JupyterHub.services = [{{"name": "tests", "api_token": "{admin}", "admin": True}}]
"""


@define(eq=False)
class RealHub:
    """One hub; what stands in its folder outlives its processes."""

    folder: Path
    proxy: Path
    """Executable of npm's proxy."""
    config: str = ""
    """Lines that end jupyterhub_config.py."""
    environment: Mapping[str, str] = field(factory=dict)
    """What the hub's process has beside ours."""
    port: int = field(factory=three_free_ports)
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def url(self) -> str:
        """Address of the proxy."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        """All that hub and proxy have written so far."""
        file = self.folder / "hub.log"
        return file.read_text(errors="replace") if file.exists() else ""

    def offers(self, templates: list[dict[str, Any]], deployments: Mapping[str, Any] | None = None) -> None:
        """Write both files of the configuration."""
        directory = self.folder / "ms"
        directory.mkdir(mode=0o700, exist_ok=True)
        entries = deployments or {"bare_metal": [{"name": "machine", "provider": "local"}]}
        (directory / "spawner_templates.json").write_text(json.dumps(templates))
        (directory / "spawner_deployment.json").write_text(json.dumps(entries))

    def start(self) -> None:
        """Start it and wait until it answers through the proxy."""
        numbers = {"port": self.port, "proxy_port": self.port + 1, "hub_port": self.port + 2}
        config = CONFIG.format(folder=self.folder, proxy=self.proxy, admin=ADMIN, **numbers) + self.config
        (self.folder / "jupyterhub_config.py").write_text(config)
        # the notebook's program lies beside this Python
        path = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "PYTHONPATH": str(TESTS)}
        with (self.folder / "hub.log").open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "jupyterhub", "--config=jupyterhub_config.py"],
                cwd=self.folder,
                env={**os.environ, **path, **self.environment},
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        self.wait("the hub's answer", self._answers)

    def stop(self) -> None:
        """Ask it to end (SIGTERM) and wait until it has; notebooks go on."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it as a crash would (SIGKILL); its proxy and the notebooks go on."""
        self._end(signal.SIGKILL)

    def end(self) -> None:
        """End everything that it started, also what a hub before it left."""
        self.kill()
        for process in self.processes():
            with contextlib.suppress(psutil.Error):
                process.kill()

    def processes(self) -> list[psutil.Process]:
        """What runs for this hub: notebooks with all below them, and the proxy."""
        return [process for process in psutil.process_iter() if self._is_ours(process)]

    def api(self, method: str, path: str, **given: Any) -> requests.Response:
        """Call the hub's REST API as the service that may do everything."""
        given.setdefault("headers", {"Authorization": f"token {ADMIN}"})
        return requests.request(method, f"{self.url}/hub/api/{path}", timeout=LIMIT, **given)

    def ready(self, user: str, server: str = "") -> bool:
        """Whether the hub says that a server of the user is ready."""
        servers = self.api("GET", f"users/{user}").json()["servers"]
        return bool(server in servers and servers[server]["ready"])

    def told(self, user: str, server: str = "") -> dict[str, Any]:
        """What a stand-in says of how it was started, asked through the proxy."""
        address = f"{self.url}/user/{user}/{server and server + '/'}"
        found: dict[str, Any] = requests.get(address, timeout=LIMIT).json()
        return found

    def launch(self, user: str, server: str = "", **options: Any) -> dict[str, Any]:
        """Make the user if need be, start a server of theirs and wait until it is ready; what it says."""
        self.api("POST", f"users/{user}")
        answer = self.api("POST", f"users/{user}/{f'servers/{server}' if server else 'server'}", json=options)
        assert answer.status_code in (201, 202), answer.text
        self.wait(f"server of {user}", lambda: self.ready(user, server))
        return self.told(user, server)

    def token(self, user: str) -> str:
        """A fresh API token of a user."""
        answer = self.api("POST", f"users/{user}/tokens", json={})
        answer.raise_for_status()
        return str(answer.json()["token"])

    def facts(self) -> list[tuple[str, str]]:
        """Streams and topics of all facts in the event log, oldest first."""
        with contextlib.closing(sqlite3.connect(self.folder / "ms" / "events.sqlite")) as log:
            return log.execute("SELECT originator_id, topic FROM stored_events ORDER BY rowid").fetchall()

    def fact(self, topic: str) -> dict[str, Any]:
        """What the last fact with this name says; {} if there is none."""
        query = "SELECT state FROM stored_events WHERE topic = ? ORDER BY rowid DESC LIMIT 1"
        with contextlib.closing(sqlite3.connect(self.folder / "ms" / "events.sqlite")) as log:
            row = log.execute(query, (topic,)).fetchone()
        return dict(json.loads(row[0])["fact"]) if row else {}

    def stop_server(self, user: str, server: str = "") -> None:
        """Stop a server and wait until the hub has let go of it and nothing of the user's is held."""
        path = f"users/{user}/{f'servers/{server}' if server else 'server'}"
        assert self.api("DELETE", path).status_code in (202, 204)
        self.wait("stop", lambda: server not in self.api("GET", f"users/{user}").json()["servers"])

    @property
    def starts(self) -> int:
        """How many sessions were ever asked for in the event log."""
        return [topic for _, topic in self.facts()].count("session.requested")

    def nothing_is_held(self) -> bool:
        """Whether every resource that was ever requested has been released."""
        asked, gone = (
            {stream for stream, topic in self.facts() if topic == f"resource.{what}"}
            for what in ("requested", "released")
        )
        return asked == gone

    def wait(self, what: str, condition: Callable[[], Any], limit: float = LIMIT) -> Any:
        """What the condition gives once it holds; fails with the end of the log when it does not in time."""
        until = time.monotonic() + limit
        while time.monotonic() < until and (self.process is None or self.process.poll() is None):
            with contextlib.suppress(requests.ConnectionError):
                if found := condition():
                    return found
            time.sleep(0.05)
        raise AssertionError(f"no {what} within {limit:g} s; the log ends:\n{self.log[-6000:]}")

    def _answers(self) -> bool:
        # a proxy that is asked before its hub listens fills the log with complaints
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port + 2)):
            return requests.get(f"{self.url}/hub/api", timeout=LIMIT).ok
        return False

    def _end(self, number: signal.Signals) -> None:
        if self.process is not None:
            self.process.send_signal(number)
            self.process.wait(LIMIT)
            self.process = None

    def _is_ours(self, process: psutil.Process) -> bool:
        try:
            api = process.environ().get("JUPYTERHUB_API_URL", "")
            return f":{self.port + 2}/" in api or self._is_proxy(process.cmdline())
        except psutil.Error:
            return False

    def _is_proxy(self, command: list[str]) -> bool:
        return any(self.proxy.name in part for part in command) and str(self.port) in command


def local(name: str = "Local", **more: Any) -> dict[str, Any]:
    """A template whose notebooks are stand-ins on this machine; `more` are further or other keys."""
    spawner = {"class": LOCAL, "kwargs": {"cmd": STAND_IN}}
    offered = {"name": name, "resource_type": "bare_metal", "providers": ["local"]}
    return {**offered, "spawner": spawner, **more}


@contextlib.contextmanager
def real_hub(folder: Path, proxy: Path, *, offers: Any = None, **given: Any) -> Iterator[RealHub]:
    """A hub in an existing folder, started; afterwards nothing of it runs."""
    hub = RealHub(folder, proxy, **given)
    hub.offers(*(offers or ([local()],)))
    try:
        hub.start()
        yield hub
    finally:
        hub.end()
