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
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "tests")]

import requests  # noqa: E402 - what follows is found by the line above
from figures import Ratios, told  # noqa: E402
from spawn import _proxy  # noqa: E402

from e2e.hubs import RealHub  # noqa: E402
from e2e.over_ssh import PROGRAM, ca_of, over_ssh, pool, prepare  # noqa: E402
from ssh_hosts import SshHost, ssh_hosts  # noqa: E402

CONFIG = """
c.JupyterHub.tornado_settings = {"slow_spawn_timeout": 120, "slow_stop_timeout": 120}
"""
"""A POST is answered when the server is ready, not before."""

PIECE = 1 << 16
LIMIT = 120.0
SENDER = """
import socket, sys
listening = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    peer, _ = listening.accept()
    amount, piece = int(peer.recv(64)), b"x" * 65536
    try:
        for _ in range(amount // len(piece)):
            peer.sendall(piece)
    except OSError:
        pass
    peer.close()
"""
"""Sends as many bytes as it is asked for to whoever connects, one after the other."""


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


class Person:
    """Somebody with a key of their own, and OpenSSH's client."""

    def __init__(self, host: SshHost, folder: Path) -> None:
        self.host = host
        self.key = folder / "key"
        self.known = folder / "known_hosts"
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.key], check=True)
        self.known.write_text(f"{host.address} {host.host_key}\n")
        prepare(host, "ann", "eve", ca=ca_of(folder / "hub" / "ms"))
        host.authorize("eve", self.key.with_suffix(".pub").read_text())

    @contextmanager
    def logged_in(self, command: str, local: int, remote: int) -> Iterator[None]:
        """One login that runs a command and forwards a port to it."""
        options = ["-F", "/dev/null", "-i", str(self.key), "-o", f"UserKnownHostsFile={self.known}"]
        forward = ["-o", "IdentitiesOnly=yes", "-tt", "-L", f"127.0.0.1:{local}:127.0.0.1:{remote}"]
        process = subprocess.Popen(
            ["ssh", *options, *forward, f"eve@{self.host.address}", command],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield
        finally:
            process.terminate()
            process.wait()


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
    local, remote = free_port(), 20_000 + free_port() % 20_000
    url = f"http://127.0.0.1:{remote}/"
    began = time.perf_counter()
    with person.logged_in(f"JUPYTERHUB_SERVICE_URL={shlex.quote(url)} {PROGRAM}", local, remote):
        while True:
            with suppress(requests.RequestException):
                requests.get(f"http://127.0.0.1:{local}/", timeout=LIMIT)
                return time.perf_counter() - began
            time.sleep(0.005)


def downloads(person: Person, megabytes: int, rounds: int) -> list[dict[str, object]]:
    """Megabytes a second of each way, in turn."""
    found: dict[str, list[float]] = {"our tunnel": [], "OpenSSH": [], "socket here": []}
    with ExitStack() as ends:
        ports = {
            "our tunnel": ends.enter_context(our_tunnel(person)),
            "OpenSSH": ends.enter_context(their_tunnel(person)),
            "socket here": ends.enter_context(here()),
        }
        for _ in range(rounds):
            for name, port in ports.items():
                found[name].append(rate(port, megabytes))
    direct = found["socket here"]
    return [
        {
            "way": name,
            "MB/s": sorted(rates)[rounds // 2],
            "÷ socket here": Ratios(tuple(rates), tuple(direct)).median,
            "÷ OpenSSH": Ratios(tuple(rates), tuple(found["OpenSSH"])).median,
            "rounds": rounds,
        }
        for name, rates in found.items()
    ]


@contextmanager
def our_tunnel(person: Person) -> Iterator[int]:
    """A process with our connection and a forward through it, as a notebook's."""
    port, remote = free_port(), 20_000 + free_port() % 20_000
    sender = person.logged_in(f"python3 -c {shlex.quote(SENDER)} {remote}", free_port(), remote)
    script = [
        sys.executable,
        str(HERE / "tunnelled.py"),
        person.host.address,
        str(person.key),
        str(person.known),
    ]
    with sender:
        process = subprocess.Popen([*script, str(port), str(remote)])
        try:
            until_sent(port)
            yield port
        finally:
            process.terminate()
            process.wait()


@contextmanager
def their_tunnel(person: Person) -> Iterator[int]:
    """OpenSSH's own forward."""
    port, remote = free_port(), 20_000 + free_port() % 20_000
    with person.logged_in(f"python3 -c {shlex.quote(SENDER)} {remote}", port, remote):
        until_sent(port)
        yield port


@contextmanager
def here() -> Iterator[int]:
    """The same program on this machine."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-c", SENDER, str(port)])
    try:
        until_sent(port)
        yield port
    finally:
        process.terminate()
        process.wait()


def rate(port: int, megabytes: int) -> float:
    """Megabytes a second of one download."""
    began = time.perf_counter()
    got = received(port, megabytes * 1_000_000 // PIECE * PIECE)
    return got / 1_000_000 / (time.perf_counter() - began)


def received(port: int, amount: int) -> int:
    """Bytes that came."""
    with socket.create_connection(("127.0.0.1", port), timeout=LIMIT) as peer:
        peer.sendall(str(amount).encode())
        got = 0
        while piece := peer.recv(PIECE):
            got += len(piece)
        return got


def until_sent(port: int) -> None:
    """Wait until the sender behind a port sends."""
    until = time.monotonic() + LIMIT
    while time.monotonic() < until:
        with suppress(OSError):
            if received(port, PIECE) == PIECE:
                return
        time.sleep(0.02)
    raise SystemExit(f"nothing is sent at port {port}")


def free_port() -> int:
    """A port that nobody has now."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


if __name__ == "__main__":
    main()
