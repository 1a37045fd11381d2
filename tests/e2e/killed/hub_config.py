"""The hub that is killed: ours in front of local processes, with points at the calls of its ports."""

import json
import os
import re
import signal
from pathlib import Path

from e2e.killed.watched_hosts import watch_hosts
from multiplespawner import bootstrap
from multiplespawner.adapters.inbound.hub import houses
from multiplespawner.application.house import House
from multiplespawner.testing.kill_points import KillPoints, in_front_of

c = get_config()  # noqa: F821 - JupyterHub gives it
given = json.loads(Path("given.json").read_text())
ARMED, TOLD = Path("armed.json").absolute(), Path("told").absolute()
LAST_OF_A_ROUND = "after provider.list_owned"
"""Arming waits for the end of a round of reconciling, so that runs are alike."""


def tell(point):
    """Append it to what the harness reads; written even if this process dies next."""
    points.is_counting = point != points.until
    with TOLD.open("a") as told:
        told.write(f"{point}\n")


def die():
    """End this process as a power cut does; its children live on."""
    os.kill(os.getpid(), signal.SIGKILL)
    signal.pause()


class ArmedByFile(KillPoints):
    """Counts from when the harness has written what is to happen."""

    until = None
    only = ""

    def reach(self, place):
        """Be at a point, and see whether to count."""
        if self.is_over or not self.is_counting or re.match(self.only, place):
            super().reach(place)
        if not self.is_counting and place == LAST_OF_A_ROUND and ARMED.exists():
            self.arm(json.loads(ARMED.read_text()))

    def arm(self, order):
        """Count from now on."""
        self.begin(order["fatal"])
        houses.RECONCILE_EVERY = order["reconcile_every"]
        self.until, self.only = order["until"], order["only"]
        ARMED.unlink()


points = ArmedByFile(die, None, tell, is_counting=False)
houses.RECONCILE_EVERY = given["reconcile_every"]
if ARMED.exists():
    points.arm(json.loads(ARMED.read_text()))

build = bootstrap.build


def build_with_points(*args, **kwargs):
    """The house as it is in production, on ports with points."""
    house = build(*args, **kwargs)
    return House(in_front_of(house.ports, points), house.hub)


bootstrap.build = build_with_points
watch_hosts(points)

c.JupyterHub.spawner_class = "multiplespawner.MultipleSpawner"
c.MultipleSpawner.directory = str(Path("ours").absolute())
c.Spawner.poll_interval = given["poll_interval"]
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.JupyterHub.bind_url = f"http://127.0.0.1:{given['port']}"
c.JupyterHub.hub_port = given["hub_port"]
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{given['proxy_port']}"
c.ConfigurableHTTPProxy.should_start = False
c.ConfigurableHTTPProxy.auth_token = given["token"]
c.JupyterHub.cleanup_servers = False
# who asks is told at once that it takes longer, and asks again
c.JupyterHub.tornado_settings = {"slow_spawn_timeout": 0.3, "slow_stop_timeout": 0.3}
c.JupyterHub.services = [{"name": "harness", "api_token": given["token"]}]
c.JupyterHub.load_roles = [
    {"name": "harness", "services": ["harness"], "scopes": ["admin:servers", "admin:users", "list:users"]}
]
