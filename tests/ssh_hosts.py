"""Real hosts for the tests: sshd with users, files, processes and a network of its own, on this machine."""

import contextlib
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import psutil

from ssh_rig.links import ENVIRONMENT
from ssh_rig.machines import Machine

PROGRAMS = (
    "sshd",
    "ssh-keygen",
    "ip",
    "iptables-restore",
    "ip6tables-restore",
    "unshare",
    "nsenter",
    "useradd",
    "sudo",
)


def missing() -> str | None:
    """Why this machine can't have such hosts; None: it can."""
    if os.geteuid() != 0:
        return "hosts for SSH are made of namespaces, by root"
    absent = [program for program in PROGRAMS if not shutil.which(program, path=ENVIRONMENT["PATH"])]
    if absent:
        return f"hosts for SSH need {', '.join(absent)}"
    made = subprocess.run(
        ["unshare", "--net", "--mount", "true"], env=ENVIRONMENT, capture_output=True, text=True
    )
    return f"hosts for SSH need namespaces: {made.stderr.strip()}" if made.returncode else None


class SshHost:
    """A host that is entered over SSH only: nothing but its port 22 can be reached, and it reaches nobody.

    It has what is installed in this machine's /usr, /etc and /var, and no people; what is changed in it stays
    in it and is gone with it. `root` works as its administrator.
    """

    port = 22

    def __init__(self, machine: Machine) -> None:
        self.name = machine.name
        self._machine = machine

    @property
    def address(self) -> str:
        """Its IPv4 address."""
        return self._machine.link.address

    @property
    def host_key(self) -> str:
        """Public host key: type and base64."""
        return " ".join((self.root / "etc/ssh/ssh_host_ed25519_key.pub").read_text().split()[:2])

    @property
    def root(self) -> Path:
        """Its file system, to look into and to change; changes with a reboot."""
        return self._machine.root

    def account(self, name: str, *, sudo: bool = False) -> Path:
        """Make an account with a home and bash, perhaps one that may do everything; return its files."""
        # without PAM, an account whose password begins with "!" may not enter at all
        self.run("useradd", "--create-home", "--shell", "/bin/bash", "--password", "*", name)
        if sudo:
            self.write(f"/etc/sudoers.d/{name}", f"{name} ALL=(ALL) NOPASSWD: ALL\n", mode=0o440)
        return self.files_of(name)

    def authorize(self, account: str, public_key: str) -> None:
        """Let the owner of a key enter as an account that is there."""
        script = 'umask 077; cd "/home/$1"; mkdir -p .ssh; cat >>.ssh/authorized_keys; chown -R "$1:" .ssh'
        self.run("sh", "-c", script, "-", account, text=public_key + "\n")

    def trust_user_ca(self, *public_keys: str) -> None:
        """Let those enter who have a certificate of these authorities, and of no other."""
        self.write("/etc/ssh/user_ca_keys", "".join(f"{key}\n" for key in public_keys))

    def revoke(self, revoked: bytes) -> None:
        """Set what is revoked: a key revocation list or public keys, one a line."""
        (self.root / "etc/ssh/revoked_keys").write_bytes(revoked)

    def change_host_key(self) -> None:
        """Make another host key, as on a host that was set up anew."""
        keygen = 'rm -f "$1"*; ssh-keygen -q -t ed25519 -N "" -f "$1"'
        self.stop_sshd()
        self.run("sh", "-c", keygen, "-", "/etc/ssh/ssh_host_ed25519_key")
        self.start_sshd()

    def certify(self, authority: Path, *, principal: str | None = None) -> None:
        """Show a host certificate from now on, signed with a private key of an authority."""
        with TemporaryDirectory() as folder:
            key = Path(folder) / "host.pub"
            key.write_text(self.host_key + "\n")
            subprocess.run(["ssh-keygen", "-q", "-s", authority, "-h", "-I", self.name,
                            "-n", principal or self.address, key], check=True, timeout=10)  # fmt: skip
            self.write("/etc/ssh/host-cert.pub", key.with_name("host-cert.pub").read_text())
        self.stop_sshd()
        with (self.root / "etc/ssh/sshd_config").open("a") as config:
            config.write("HostCertificate /etc/ssh/host-cert.pub\n")
        self.start_sshd()

    def stop_sshd(self) -> None:
        """Refuse new connections; those that are there go on."""
        self.run("sh", "-c", "kill $(cat /run/sshd.pid)")
        self._until(lambda: not (self.root / "run/sshd.pid").exists(), "sshd ends")

    def start_sshd(self) -> None:
        """Accept connections again."""
        self.run("/usr/sbin/sshd", "-E", "/var/log/sshd.log")
        self._until((self.root / "run/sshd.pid").exists, "sshd listens")

    def drop_connections(self) -> None:
        """Hang up on everybody; what they started stays."""
        file = self.root / "run/sshd.pid"
        listener = file.read_text().strip() if file.exists() else ""
        script = 'for pid in $(pgrep "^sshd"); do [ "$pid" = "$1" ] || kill -9 "$pid" || :; done'
        self.run("sh", "-c", script, "-", listener)

    def power_off(self) -> None:
        """Take the power away: no process is left, and the address is silent."""
        self._machine.power_off()

    def power_on(self) -> None:
        """Boot again; files are as they were, apart from /tmp and /run."""
        self._machine.power_on()

    def reboot(self) -> None:
        """Take the power away and boot again, whatever runs."""
        self.power_off()
        self.power_on()

    def cut(self) -> None:
        """Drop all packets from and to it, without a word."""
        self._machine.link.cut()

    def mend(self) -> None:
        """Let packets through again."""
        self._machine.link.mend()

    def processes(self) -> list[psutil.Process]:
        """All its processes, the first one and sshd among them; numbers are those of this machine."""
        return self._machine.processes()

    def named(self, name: str) -> list[psutil.Process]:
        """Those of its processes with a name; one that goes just now is passed over."""
        found = []
        for process in self.processes():
            with contextlib.suppress(psutil.Error):
                found += [process] if process.name() == name else []
        return found

    def files_of(self, account: str) -> Path:
        """Home of an account; lies in `root`."""
        return self.root / "home" / account

    def run(self, *command: str, text: str = "") -> str:
        """Run a command in it as root, with a text to read; return what it writes."""
        return self._machine.run(*command, text=text)

    def install(self, programs: Path) -> None:
        """Put the programs of a folder that hosts see (below /usr or /var) on everybody's path."""
        self.run("sh", "-c", 'ln -s "$1"/jupyter* /usr/local/bin/', "-", str(programs))

    def write(self, path: str, text: str, *, mode: int = 0o644) -> None:
        """Write a file of root's, by its path in the host."""
        file = self.root / path.removeprefix("/")
        file.write_text(text)
        file.chmod(mode)

    def sshd_log(self) -> str:
        """What sshd has written so far."""
        return (self.root / "var/log/sshd.log").read_text()

    def _until(self, done: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + 10
        while not done():
            assert time.monotonic() < deadline, f"{self.name}: waited 10 s until {what}"
            time.sleep(0.005)


@contextlib.contextmanager
def ssh_hosts(folder: Path, count: int = 1, *, python: bool = True) -> Iterator[list[SshHost]]:
    """Hosts that are up, without accounts; nothing is left of them, also when this process is killed.

    folder: for their logs. python: whether they have Python.
    """
    run = uuid4().hex[:6]
    with contextlib.ExitStack() as stack:
        hosts = []
        for number in range(count):
            name = f"host{number}-{run}"
            machine = Machine(name, folder / name, python=python)
            stack.callback(machine.scrap)
            machine.build()
            machine.power_on()
            hosts.append(SshHost(machine))
        yield hosts
