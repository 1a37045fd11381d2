"""Processes of this account that belong to one run: by the mark in their environment, session or parent."""

import contextlib
import os
import signal
import time

MARK = b"MULTIPLESPAWNER_RESOURCE"
DEAD = (b"Z", b"X")
GONE = (FileNotFoundError, ProcessLookupError, PermissionError)
"""What the system says of a process that is none of ours; it says others where it has no room to look."""
LOOKS = 50
"""At a process that is changing its program, a millisecond apart: its environment is empty meanwhile."""


def born(pid: int) -> "int | None":
    """Start of a process in clock ticks since boot: with its number it names it. None: it does not run.

    Raises OSError where that can't be known.
    """
    try:
        fields = stat(pid)
    except GONE:
        return None
    return None if fields[0] in DEAD else int(fields[19])


def boot() -> str:
    """Another one after each boot; "" where the system doesn't tell."""
    try:
        with open("/proc/sys/kernel/random/boot_id") as file:
            return file.read().strip()
    except OSError:
        return ""


def stat(pid: int) -> "list[bytes]":
    """Fields of proc(5) stat from the third on: the second is the name, which may hold anything."""
    with open(f"/proc/{pid}/stat", "rb") as file:
        return file.read().rpartition(b")")[2].split()


def members(token: str, sessions: "set[int]", others: "set[int]") -> "set[int]":
    """Numbers of all that carry the mark, are in one of the sessions, among `others`, or below one of these.

    This process and what is above it never are. Raises OSError where some can't be looked at.
    """
    wanted = MARK + b"=" + token.encode()
    parents, found = {}, set()
    for pid in _own():
        try:
            fields = stat(pid)
        except GONE:
            continue
        if fields[0] in DEAD:
            continue
        parents[pid] = int(fields[1])
        if int(fields[3]) in sessions or pid in others or wanted in _environment(pid, fields):
            found.add(pid)
    return _with_children(found, parents) - _line(os.getpid(), parents)


def end(token: str, sessions: "set[int]", others: "set[int]", patience: float) -> "set[int]":
    """SIGTERM to all, after `patience` seconds SIGKILL until none is left; those left after 20 s more."""
    left = signalled(signal.SIGTERM, members(token, sessions, others))
    until = time.monotonic() + patience
    while left and time.monotonic() < until:
        time.sleep(0.05)
        left = members(token, sessions, others)
    until = time.monotonic() + 20
    while left and time.monotonic() < until:
        signalled(signal.SIGKILL, left)
        time.sleep(0.02)
        left = members(token, sessions, others)
    return left


def signalled(number: int, pids: "set[int]") -> "set[int]":
    """Send a signal to each; those that are gone by now don't mind."""
    for pid in pids:
        with contextlib.suppress(OSError):
            os.kill(pid, number)
    return pids


def _own() -> "list[int]":
    """Numbers of this account's processes."""
    mine, found = os.getuid(), []
    for name in os.listdir("/proc"):
        try:
            if name.isdigit() and os.stat(f"/proc/{name}").st_uid == mine:
                found.append(int(name))
        except GONE:
            pass
    return found


def _environment(pid: int, fields: "list[bytes]") -> "list[bytes]":
    for _ in range(LOOKS):
        try:
            with open(f"/proc/{pid}/environ", "rb") as file:
                found = file.read()
        except GONE:
            return []
        # those without any have no memory (23rd field) or are threads of the kernel (9th, PF_KTHREAD)
        if found or fields[20] == b"0" or int(fields[6]) & 0x00200000:
            break
        time.sleep(0.001)
    return found.split(b"\0")


def _with_children(found: "set[int]", parents: "dict[int, int]") -> "set[int]":
    more = found
    while more:
        more = {pid for pid, parent in parents.items() if parent in found} - found
        found = found | more
    return found


def _line(pid: int, parents: "dict[int, int]") -> "set[int]":
    line = set()
    while pid in parents and pid not in line:
        line.add(pid)
        pid = parents[pid]
    return line | {os.getpid()}
