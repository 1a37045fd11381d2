"""What a notebook on a host costs: click to ready, and the tunnel's throughput.

``python benchmarks/over_ssh.py [--pairs 20] [--megabytes 100] [--rounds 5]``, as root: a real sshd in a
network namespace of its own. A start through us (lease, certificate, notebook, tunnels, until the hub has it
ready) is compared with what a person would do: one OpenSSH login that starts the same program and forwards
its port, until that answers. Downloads through our tunnel are compared with OpenSSH's own forwarding and
with a socket of this machine, of the same program.
"""

import argparse
import shlex
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "tests")]

import requests  # noqa: E402 - what follows is found by the line above
from figures import Ratios, told  # noqa: E402
from persons import Person, free_port, port_of_a_host  # noqa: E402
from spawn import _proxy  # noqa: E402
from tunnels import LIMIT, downloads  # noqa: E402

from e2e.hubs import RealHub  # noqa: E402
from e2e.over_ssh import PROGRAM, over_ssh, pool  # noqa: E402
from ssh_hosts import SshHost, ssh_hosts  # noqa: E402

CONFIG = """
c.JupyterHub.tornado_settings = {"slow_spawn_timeout": 120, "slow_stop_timeout": 120}
"""
"""A POST is answered when the server is ready, not before."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=20, help="starts of both ways")
    parser.add_argument("--megabytes", type=int, default=100, help="of one download")
    parser.add_argument("--rounds", type=int, default=5, help="downloads of each way")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory(prefix="over-ssh-") as named, ssh_hosts(Path(named) / "hosts") as hosts:
        folder = Path(named)
        person = Person(hosts[0], folder)
        with hub_for(hosts[0], folder) as hub:
            told("Click to ready over SSH", [starts(hub, person, given.pairs)])
        told("Throughput of a tunnel", downloads(person, given.megabytes, given.rounds))


@contextmanager
def hub_for(host: SshHost, folder: Path) -> Iterator[RealHub]:
    """A hub with the host as its pool."""
    (folder / "hub").mkdir(exist_ok=True)
    hub = RealHub(folder / "hub", _proxy(), config=CONFIG)
    hub.offers([over_ssh()], {"bare_metal": [{"name": "any", "hosts": pool([host])}]})
    try:
        hub.start()
        hub.api("POST", "users/ann")
        yield hub
    finally:
        hub.end()


def starts(hub: RealHub, person: Person, pairs: int) -> dict[str, object]:
    """Both ways in turn; the first of each is not counted."""
    ours, theirs = [], []
    for _ in range(pairs + 1):
        ours.append(our_start(hub))
        theirs.append(their_start(person))
    ratios = Ratios(tuple(ours[1:]), tuple(theirs[1:]))
    low, high = ratios.spread
    return {
        "us ÷ OpenSSH": ratios.median,
        "quartiles": f"{low:.2f} to {high:.2f}",
        "added ms": ratios.added * 1000,
        "us ms": sorted(ratios.ours)[pairs // 2] * 1000,
        "OpenSSH ms": sorted(ratios.theirs)[pairs // 2] * 1000,
        "pairs": pairs,
    }


def our_start(hub: RealHub) -> float:
    """POST to ready, through the lease, the certificate and the tunnels; then everything is given back."""
    began = time.perf_counter()
    answer = hub.api("POST", "users/ann/server")
    took = time.perf_counter() - began
    if answer.status_code != 201:
        raise SystemExit(f"{answer.status_code} {answer.text}\n{hub.log[-3000:]}")
    hub.stop_server("ann")
    hub.wait("release", hub.nothing_is_held)
    return took


def their_start(person: Person) -> float:
    """One login that starts the same program, until it answers through the forwarded port."""
    local, remote = free_port(), port_of_a_host()
    url = f"http://127.0.0.1:{remote}/"
    began = time.perf_counter()
    with person.logged_in(f"JUPYTERHUB_SERVICE_URL={shlex.quote(url)} {PROGRAM}", local, remote):
        while time.perf_counter() < began + LIMIT:
            with suppress(requests.RequestException):
                requests.get(f"http://127.0.0.1:{local}/", timeout=LIMIT)
                return time.perf_counter() - began
            time.sleep(0.005)
    raise SystemExit(f"what OpenSSH started does not answer at port {remote} of the host")


if __name__ == "__main__":
    main()
