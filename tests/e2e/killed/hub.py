"""A hub of its own folder and ports that can be killed, with a proxy that outlives it."""

import json
import os
import secrets
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import requests
from attrs import define, field

from e2e.ports import three_free_ports

from .forked import forked_hub
from .holdings import Folder
from .places import Place

HERE = Path(__file__).parent
TESTS = HERE.parents[1]
LIMIT = 60.0
"""Seconds to wait for anything; a busy machine needs a few."""


class Dead(Exception):
    """The hub has died."""


def until(satisfied: Callable[[], Any], what: str, limit: float = LIMIT) -> Any:
    """The first answer that is true; fails when there is none in time."""
    end = time.monotonic() + limit
    while not (answer := satisfied()):
        assert time.monotonic() < end, f"not within {limit:g} s: {what}"
        time.sleep(0.05)
    return answer


@define(eq=False)
class KilledHub:
    """One hub, started again and again on one database, and its proxy."""

    folder: Path
    proxy: Path
    """The proxy's executable."""
    place: Place
    poll_interval: float
    token: str = field(factory=lambda: secrets.token_hex(16), repr=False)
    ports: list[int] = field(init=False)
    ours: Folder = field(init=False)
    """The spawner's own folder."""
    _running_proxy: Any = field(default=None, init=False)
    _hub: Any = field(default=None, init=False)
    _session: requests.Session = field(factory=requests.Session, init=False)

    def open(self) -> None:
        """Start the proxy and the hub."""
        self.folder.mkdir(parents=True)
        self.ours = Folder(self.folder / "ours")
        self.ours.path.mkdir(mode=0o700)
        self.place.settle(self.ours.path)
        first = three_free_ports()
        self.ports = [first, first + 1, first + 2]
        port, hub_port, proxy_port = self.ports
        given = {"port": port, "hub_port": hub_port, "proxy_port": proxy_port}
        given |= {"token": self.token, "poll_interval": self.poll_interval}
        given |= {"reconcile_every": self.place.reconcile_every}
        (self.folder / "given.json").write_text(json.dumps(given))
        self._session.headers["Authorization"] = f"token {self.token}"
        options = ["--ip=127.0.0.1", f"--port={port}", "--api-ip=127.0.0.1", f"--api-port={proxy_port}"]
        with (self.folder / "proxy.log").open("ab") as log:
            self._running_proxy = subprocess.Popen(
                [str(self.proxy), *options],
                cwd=self.folder,
                env=os.environ | {"CONFIGPROXY_AUTH_TOKEN": self.token},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.start()
        until(lambda: self.call("POST", f"users/{self.place.user}").status_code == 201, "a user is made")

    def start(self) -> None:
        """Start the hub, and return when it answers or has died."""
        path = os.pathsep.join(filter(None, (str(TESTS), os.environ.get("PYTHONPATH"))))
        self._hub = forked_hub(self.folder, HERE / "hub_config.py", os.environ | {"PYTHONPATH": path})
        until(lambda: self.is_dead or self._answers(), "the hub answers")

    def kill(self) -> None:
        """End the hub alone, as a power cut does."""
        self._hub.kill()
        self._hub.join(LIMIT)

    def close(self) -> None:
        """End the hub and the proxy."""
        for process in filter(None, (self._hub, self._running_proxy)):
            # the proxy may run behind a shell; a hub that could not even start has gone by itself
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        if self._running_proxy is not None:
            self._running_proxy.wait(LIMIT)
        if self._hub is not None:
            self._hub.join(LIMIT)

    @property
    def is_dead(self) -> bool:
        """Whether the hub's process has ended."""
        return self._hub.exitcode is not None

    def arm(self, fatal: str | None, **how: Any) -> None:
        """Count points from the next round of reconciling, or from the hub's start, and die at `fatal`."""
        (self.folder / "told").unlink(missing_ok=True)
        written = self.folder / "armed.new"
        written.write_text(json.dumps({"fatal": fatal, **how}))
        written.rename(self.folder / "armed.json")

    def armed(self) -> None:
        """Return when it counts."""
        until(lambda: not (self.folder / "armed.json").exists(), "points are counted")

    def told(self) -> list[str]:
        """The points that it came to since it was armed."""
        file = self.folder / "told"
        return file.read_text().splitlines() if file.exists() else []

    def call(self, method: str, path: str, **body: Any) -> requests.Response:
        """Ask the hub's API. Raises Dead."""
        try:
            url = f"http://127.0.0.1:{self.ports[1]}/hub/api/{path}"
            return self._session.request(method, url, json=body or None, timeout=LIMIT)
        except requests.ConnectionError as error:
            until(lambda: self.is_dead, "a hub that does not answer has died")
            raise Dead from error

    def server(self) -> dict[str, Any]:
        """What the hub says of the user's server; {} if there is none. Raises Dead."""
        servers = self.call("GET", f"users/{self.place.user}").json()["servers"]
        return dict(servers.get("", {}))

    def ask_to_start(self, offer: str) -> None:
        """Ask for a server. Raises Dead."""
        name = f"{self.place.provider}/{offer}/here"
        self.call("POST", f"users/{self.place.user}/server", offer=name)

    def ask_to_stop(self) -> None:
        """Ask for its end. Raises Dead."""
        self.call("DELETE", f"users/{self.place.user}/server")

    def have_spawner_made(self) -> None:
        """Do what any user's first request does: a hub that starts makes spawners of running servers only."""
        if not self.server():
            self.ask_to_stop()

    def is_routed(self) -> bool:
        """Whether the notebook answers through the proxy."""
        url = f"http://127.0.0.1:{self.ports[0]}/user/{self.place.user}/api"
        return requests.get(url, timeout=LIMIT).status_code == 200

    def _answers(self) -> bool:
        try:
            return self._session.get(f"http://127.0.0.1:{self.ports[1]}/hub/api", timeout=LIMIT).ok
        except requests.ConnectionError:
            return False
