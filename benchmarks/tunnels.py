"""Downloads through our tunnel, through OpenSSH's own forwarding, and from a socket of this machine."""

import shlex
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from figures import Ratios
from persons import Person, free_port, port_of_a_host

HERE = Path(__file__).resolve().parent
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
    port, remote = free_port(), port_of_a_host()
    sender = person.logged_in(f"python3 -c {shlex.quote(SENDER)} {remote}", free_port(), remote)
    script = [
        sys.executable,
        str(HERE / "tunnelled.py"),
        person.host.address,
        str(person.key),
        str(person.known),
    ]
    with sender, sending([*script, str(port), str(remote)], port):
        yield port


@contextmanager
def their_tunnel(person: Person) -> Iterator[int]:
    """OpenSSH's own forward."""
    port, remote = free_port(), port_of_a_host()
    with person.logged_in(f"python3 -c {shlex.quote(SENDER)} {remote}", port, remote):
        until_sent(port)
        yield port


@contextmanager
def here() -> Iterator[int]:
    """The same program on this machine."""
    port = free_port()
    with sending([sys.executable, "-c", SENDER, str(port)], port):
        yield port


@contextmanager
def sending(command: Sequence[str], port: int) -> Iterator[None]:
    """A process of this machine behind whose port the sender sends."""
    process = subprocess.Popen(command)
    try:
        until_sent(port)
        yield
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
