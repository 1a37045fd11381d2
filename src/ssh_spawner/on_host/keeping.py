"""Stays beside the notebook on the host: its way to the hub, and who knows in the end how it ended."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from typing import Any

from . import alive, folders, limits, processes, relay

LOG = "notebook.log"
LOG_BYTES = 10 * 1024 * 1024
"""What a notebook may write before its log begins anew."""
LOOK = 60.0
"""Seconds between two looks at the log's size."""


def keep(plan: "dict[str, Any]", hub: socket.socket, held: limits.Limits, reports: int) -> None:
    """Start the notebook, tell of it through a pipe, and wait for its end; never returns."""
    try:
        os.setsid()
        signal.signal(signal.SIGTERM, lambda *_: _leave(plan, 128 + signal.SIGTERM))
        _let_go_of_the_connection(hub.fileno(), reports)
        try:
            notebook, living, run = _begun(plan, hub, held)
        except folders.Unusable as error:
            _tell(reports, {"event": "failed", "code": error.code, "why": error.why})
            return
        _tell(reports, {"event": "started", "port": plan["port"], "hub_port": plan["hub_port"], **run})
        status = notebook.wait()
        # first of all: writing may take its time, on a full or distant disk
        living.end()
        ended = json.dumps({"status": status if status >= 0 else 128 - status})
        folders.write(plan["folder"], "exit.json", ended)
    finally:
        _leave(plan, 0)


def _begun(
    plan: "dict[str, Any]", hub: socket.socket, held: limits.Limits
) -> "tuple[subprocess.Popen[bytes], alive.Alive, dict[str, Any]]":
    """The notebook, what tells that it lives, and what is known of it. Raises Unusable."""
    folder = plan["folder"]
    try:
        notebook = _started(plan, folder, held)
        relay.serve(hub, plan["sockets"])
        with folders.usable(plan["sockets"]):
            living = alive.Alive(plan["sockets"])
        log = os.path.join(folder, LOG)
        threading.Thread(target=_begin_anew, args=(log,), daemon=True).start()
        return notebook, living, _recorded(plan, folder, notebook.pid, held)
    except (OSError, ValueError, RuntimeError, subprocess.SubprocessError) as error:
        # a thread that can't be begun is a RuntimeError
        raise folders.Unusable("command_failed", str(error)) from error


def _leave(plan: "dict[str, Any]", status: int) -> None:
    # whoever ends us may know of the run's folder only
    if plan["sockets"] != plan["folder"]:
        shutil.rmtree(plan["sockets"], ignore_errors=True)
    os._exit(status)


def _let_go_of_the_connection(*kept: int) -> None:
    # sshd waits with the end of its session until nobody holds these
    null = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(null, number)
    for name in os.listdir("/proc/self/fd"):
        if int(name) > 2 and int(name) not in kept:
            # the one that was used to look is closed already
            with contextlib.suppress(OSError):
                os.close(int(name))


def _started(plan: "dict[str, Any]", folder: str, held: limits.Limits) -> "subprocess.Popen[bytes]":
    with folders.usable(folder):
        log = os.open(os.path.join(folder, LOG), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.write(log, plan["note"].encode())
    ours = os.umask(plan["umask"])
    try:
        return subprocess.Popen(
            [_bytes(each) for each in plan["command"]],
            env={_bytes(name): _bytes(value) for name, value in plan["environment"].items()},
            cwd=os.path.expanduser("~"),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=held.enter if held.groups else None,
        )
    finally:
        os.umask(ours)
        os.close(log)


def _bytes(text: str) -> bytes:
    # whatever the locale here is: what can't be decoded was kept as surrogates
    return text.encode("utf-8", "surrogateescape")


def _recorded(plan: "dict[str, Any]", folder: str, pid: int, held: limits.Limits) -> "dict[str, Any]":
    run = {
        "pid": pid,
        "born": processes.born(pid),
        "keeper": os.getpid(),
        "keeper_born": processes.born(os.getpid()),
        "boot": processes.boot(),
        "sockets": plan["sockets"],
        "groups": held.groups,
    }
    folders.write(folder, "run.json", json.dumps(run))
    return run


def _begin_anew(log: str) -> None:
    """Empty the log whenever it is too long, for ever."""
    while True:
        time.sleep(LOOK)
        # a disk that fails is no reason to leave the notebook
        with contextlib.suppress(OSError):
            if os.path.getsize(log) > LOG_BYTES:
                os.truncate(log, 0)


def _tell(reports: int, told: "dict[str, Any]") -> None:
    os.write(reports, json.dumps(told).encode() + b"\n")
    os.close(reports)
