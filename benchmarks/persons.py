"""Somebody on a host of the tests with OpenSSH's client, for what is compared with it."""

import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from e2e.over_ssh import ca_of, prepare
from ssh_hosts import SshHost

_PORTS = count()


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
            # a client that waits for what it forwards does not end when it is asked to
            process.kill()
            process.wait()


def port_of_a_host() -> int:
    """A port below those that a system gives out by itself, different each time."""
    return 20_000 + next(_PORTS) % 10_000


def free_port() -> int:
    """A port that nobody has now."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])
