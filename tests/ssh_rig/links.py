"""Cables between this machine and the hosts of the tests."""

import random
import subprocess

ENVIRONMENT = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME": "/root",
    "LANG": "C.UTF-8",
}
"""Of all that is started here as root, and of commands in a host."""

NETWORKS = 1 << 14
"""How many networks of four addresses there are in 10.99.0.0/16."""

CONNECTED = """*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT DROP [0:0]
-A INPUT -i lo -j ACCEPT
-A INPUT -p tcp --dport 22 -j ACCEPT
-A OUTPUT -o lo -j ACCEPT
-A OUTPUT -p tcp --sport 22 ! --syn -j ACCEPT
COMMIT
"""
"""Connections to port 22 of the host and nothing else; on loopback all."""

SILENT = "".join(line for line in CONNECTED.splitlines(keepends=True) if "-p tcp" not in line)
"""All that comes or goes is dropped; on loopback all."""


class Link:
    """A cable to a network card in another network namespace, and who may use it."""

    def __init__(self) -> None:
        self.name = ""
        self.address = ""
        self.gateway = ""
        self._within: list[str] = []

    def connect(self, pid: int) -> None:
        """Plug it into the namespace of a process, as eth0 there, with addresses that nobody has."""
        self._within = ["nsenter", f"--target={pid}", "--net"]
        for number in random.sample(range(NETWORKS), 50):
            name = f"sshrig{number}"
            # the name is the claim: of several runs only one can make it
            peer = ["peer", "name", "eth0", "netns", str(pid)]
            made = _run(["ip", "link", "add", name, "type", "veth", *peer])
            if made.returncode == 0:
                self.name = name
                break
            assert "exists" in made.stderr, made.stderr
        assert self.name, "no network is free in 10.99.0.0/16"
        base = f"10.99.{number >> 6}"
        self.gateway, self.address = (f"{base}.{(number & 63) * 4 + n}" for n in (1, 2))
        batch = f"address add {self.gateway}/30 dev {self.name}\nlink set {self.name} addrgenmode none up\n"
        _run(["ip", "-batch", "-"], batch).check_returncode()

    def mend(self) -> None:
        """Let connections to port 22 through."""
        self._rules(CONNECTED)

    def cut(self) -> None:
        """Drop everything, in both directions and without a word."""
        self._rules(SILENT)

    def remove(self) -> None:
        """Take the cable away; it may be gone with the namespace already."""
        if self.name:
            _run(["ip", "link", "del", self.name])

    def _rules(self, rules: str) -> None:
        of_loopback = "".join(line for line in rules.splitlines(keepends=True) if "-p tcp" not in line)
        for program, table in (("iptables-restore", rules), ("ip6tables-restore", of_loopback)):
            _run([*self._within, program], table).check_returncode()


def _run(command: list[str], text: str = "") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command, input=text, env=ENVIRONMENT, capture_output=True, text=True, timeout=10)
