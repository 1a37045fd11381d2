"""Memory and CPU limits of a notebook, where this host lets the account set them."""

import contextlib
import os
import shutil
import subprocess

ROOT = "/sys/fs/cgroup"
OWN = "/proc/self/cgroup"
PROBE = """
while IFS=: read -r number kinds path; do
    if [ -z "$kinds" ] && cd "$1$path"; then grep -Hs . memory.max cpu.max || true; fi
done <"$2"
"""
"""For a shell in a scope: prints the kernel's own limits of it, of cgroup v2; in v1 accounts get none."""
PERIOD = 100000
"""Microseconds over which the kernel counts CPU time."""


class Limits:
    """How a notebook is held to `memory` bytes and `cpus` (None: no limit)."""

    def __init__(self, memory: "int | None", cpus: "float | None", name: str) -> None:
        self.memory = memory
        self.cpus = cpus
        self.name = name
        self.before = []  # type: list[str]
        self.groups = []  # type: list[str]
        self.missing = []  # type: list[str]

    def prepare(self, path: str) -> str:
        """Find a way: `systemd`, `cgroup`, `impossible`, or `none` where nothing is to be limited.

        What can't be limited is named in `missing`.
        """
        wanted = [name for name, value in (("memory", self.memory), ("cpu", self.cpus)) if value]
        if not wanted:
            return "none"
        held = self._systemd(path)
        if held:
            # no other way for the rest: the scope takes the notebook out of any group of ours
            self.missing = [name for name in wanted if name not in held]
            return "systemd"
        for name in wanted:
            if not self._group(name):
                self.missing.append(name)
        return "cgroup" if self.groups else "impossible"

    def enter(self) -> None:
        """Put the calling process into the groups; between fork and exec."""
        for group in self.groups:
            _write(os.path.join(group, "cgroup.procs"), str(os.getpid()))

    def _systemd(self, path: str) -> "set[str]":
        """What a scope of the account's own systemd really limits."""
        run, clean = shutil.which("systemd-run", path=path), shutil.which("env", path=path)
        if not run or not clean or "XDG_RUNTIME_DIR" not in os.environ:
            return set()
        command = [run, "--user", "--scope", "--quiet", "--collect"]
        if self.memory:
            command += ["-p", f"MemoryMax={self.memory}", "-p", "MemorySwapMax=0"]
        if self.cpus:
            command += ["-p", f"CPUQuota={self._percent()}%"]
        try:
            probe = [*command, "/bin/sh", "-c", PROBE, "sh", ROOT, OWN]
            said = subprocess.check_output(
                probe, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=10
            )
        except (OSError, subprocess.SubprocessError):
            return set()
        # the session's own folder and bus are gone when the SSH connection is
        unset = [clean, "-u", "XDG_RUNTIME_DIR", "-u", "DBUS_SESSION_BUS_ADDRESS"]
        held = self._held(said.decode("ascii", "replace"))
        self.before = [*command, "--unit", f"jupyterhub-{self.name}", "--", *unset] if held else []
        return held

    def _held(self, said: str) -> "set[str]":
        # systemd takes limits of what it may not control without a word
        values = dict(line.split(":", 1) for line in said.splitlines() if ":" in line)
        memory, cpu = values.get("memory.max", ""), values.get("cpu.max", "").split()
        held = set()
        if self.memory and memory.isdigit() and int(memory) <= self.memory:
            held.add("memory")
        if self.cpus and cpu and cpu[0].isdigit() and int(cpu[0]) * 100 <= int(cpu[1]) * self._percent():
            held.add("cpu")
        return held

    def _percent(self) -> int:
        return max(1, round((self.cpus or 0) * 100))

    def _group(self, kind: str) -> bool:
        one, own = _own_groups().get(kind), _own_groups().get("")
        if one is not None:
            return self._made(os.path.join(ROOT, kind, one.lstrip("/")), self._old(kind))
        return own is not None and self._made(os.path.join(ROOT, own.lstrip("/")), self._new(kind))

    def _old(self, kind: str) -> "dict[str, str]":
        if kind == "memory":
            return {"memory.limit_in_bytes": str(self.memory)}
        return {"cpu.cfs_period_us": str(PERIOD), "cpu.cfs_quota_us": str(self._quota())}

    def _new(self, kind: str) -> "dict[str, str]":
        if kind == "memory":
            return {"memory.max": str(self.memory)}
        return {"cpu.max": f"{self._quota()} {PERIOD}"}

    def _quota(self) -> int:
        return max(1000, int((self.cpus or 0) * PERIOD))

    def _made(self, above: str, values: "dict[str, str]") -> bool:
        group = os.path.join(above, f"jupyterhub-{self.name}")
        try:
            if group not in self.groups:
                os.mkdir(group)
            for name, value in values.items():
                _write(os.path.join(group, name), value)
            if not _can_enter(group):
                raise OSError("no process may be moved there")
        except OSError:
            if group not in self.groups and os.path.isdir(group):
                with contextlib.suppress(OSError):
                    os.rmdir(group)
            return False
        if group not in self.groups:
            self.groups.append(group)
        return True


def _own_groups() -> "dict[str, str]":
    """Path of this process's group by controller; "" is the one of cgroup v2."""
    found = {}
    # a kernel without any has no such file
    with contextlib.suppress(OSError), open(OWN) as file:
        for line in file:
            _, kinds, path = line.rstrip("\n").split(":", 2)
            for kind in kinds.split(","):
                found[kind] = path
    return found


def _can_enter(group: str) -> bool:
    # whoever may make a group may still not be allowed to leave the one that they are in
    pid = os.fork()
    if pid == 0:
        try:
            _write(os.path.join(group, "cgroup.procs"), str(os.getpid()))
            os._exit(0)
        finally:
            os._exit(1)
    return os.waitpid(pid, 0)[1] == 0


def _write(path: str, value: str) -> None:
    with open(path, "w") as file:
        file.write(value)
