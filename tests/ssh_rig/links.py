"""Cables between this machine and the hosts of the tests."""

import random
import subprocess

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
        for number in random.sample(range(NETWORKS), 20):
            name = f"sshrig{number}"
            # the name is the claim: only one process can make it
            made = subprocess.run(["ip", "link", "add", name, "type", "veth", "peer", "name", "eth0",
                                   "netns", str(pid)], capture_output=True, text=True)  # fmt: skip
            if made.returncode == 0:
                self.name = name
                break
            assert "exists" in made.stderr, made.stderr
        base = f"10.99.{number >> 6}"
        self.gateway, self.address = (f"{base}.{(number & 63) * 4 + n}" for n in (1, 2))
        batch = f"address add {self.gateway}/30 dev {self.name}\nlink set {self.name} addrgenmode none up\n"
        subprocess.run(["ip", "-batch", "-"], input=batch, text=True, check=True, timeout=10)

    def mend(self) -> None:
        """Let connections to port 22 through."""
        self._rules(CONNECTED)

    def cut(self) -> None:
        """Drop everything, in both directions and without a word."""
        self._rules(SILENT)

    def remove(self) -> None:
        """Take the cable away; it may be gone with the namespace already."""
        if self.name:
            subprocess.run(["ip", "link", "del", self.name], capture_output=True, timeout=10)

    def _rules(self, rules: str) -> None:
        of_loopback = "".join(line for line in rules.splitlines(keepends=True) if "-p tcp" not in line)
        for program, table in (("iptables-restore", rules), ("ip6tables-restore", of_loopback)):
            subprocess.run([*self._within, program], input=table, text=True, check=True, timeout=10)
