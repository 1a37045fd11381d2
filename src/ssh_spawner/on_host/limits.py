"""Memory and CPU limits of a notebook, where this host lets the account set them."""

import contextlib
import os
import shutil
import subprocess

ROOT = "/sys/fs/cgroup"
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
        if self._systemd(path):
            return "systemd"
        for name in wanted:
            if not self._group(name):
                self.missing.append(name)
        return "cgroup" if self.groups else "impossible"

    def enter(self) -> None:
        """Put the calling process into the groups; between fork and exec."""
        for group in self.groups:
            _write(os.path.join(group, "cgroup.procs"), str(os.getpid()))

    def _systemd(self, path: str) -> bool:
        run, clean = shutil.which("systemd-run", path=path), shutil.which("env", path=path)
        if not run or not clean or "XDG_RUNTIME_DIR" not in os.environ:
            return False
        command = [run, "--user", "--scope", "--quiet", "--collect"]
        if self.memory:
            command += ["-p", f"MemoryMax={self.memory}", "-p", "MemorySwapMax=0"]
        if self.cpus:
            command += ["-p", f"CPUQuota={max(1, round(self.cpus * 100))}%"]
        try:
            works = subprocess.call([*command, "true"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                    stderr=subprocess.DEVNULL, timeout=10) == 0  # fmt: skip
        except (OSError, subprocess.SubprocessError):
            return False
        if works:
            # the session's own folder and bus are gone when the SSH connection is
            unset = [clean, "-u", "XDG_RUNTIME_DIR", "-u", "DBUS_SESSION_BUS_ADDRESS"]
            self.before = [*command, "--unit", f"jupyterhub-{self.name}", "--", *unset]
        return works

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
    with open("/proc/self/cgroup") as file:
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
