"""Starts a notebook, watches until it listens, and undoes all of it unless the hub says that it is kept."""

import contextlib
import json
import os
import shutil
import subprocess
import time
from typing import TYPE_CHECKING, Any

from . import asking, folders, keeping, limits, ports

if TYPE_CHECKING:
    from collections.abc import Callable

    Tell = Callable[[dict[str, Any]], None]
    Hear = Callable[[float], str | None]

TAIL = 4000
"""Bytes of the notebook's log that are told when it ends too soon."""


def launch(request: "dict[str, Any]", tell: "Tell", hear: "Hear") -> None:
    """Tell `started`, `listening`, `kept`; or `failed` or `ended`, with the reason, and then `undone`."""
    token, base = request["token"], request["base"]
    kept, umask = False, os.umask(0o077)
    with contextlib.ExitStack() as ended:
        try:
            # what an earlier notebook of the same resource left
            left = asking.clear(token, base, 2)
            if left:
                raise folders.Unusable("still_running", str(left))
            port = ports.hold(int(request["port"]), ended)
            run = _begun({**request, "port": port}, folders.make(base, token), umask, tell)
            kept = _watch(run, float(request["limit"]), tell, hear)
        except folders.Unusable as error:
            tell({"event": "failed", "code": error.code, "why": error.why})
        except (OSError, subprocess.SubprocessError) as error:
            # such as too many processes or open files
            tell({"event": "failed", "code": "command_failed", "why": str(error)})
        finally:
            tell({"event": "kept"} if kept else {"event": "undone", "left": asking.end(token, base)})


def _begun(request: "dict[str, Any]", folder: str, umask: int, tell: "Tell") -> "dict[str, Any]":
    hub = ports.listener()
    plan = _planned(request, folder, hub.getsockname()[1], umask)
    held = limits.Limits(request["memory"], request["cpus"], request["token"][-32:])
    way = held.prepare(plan["path"])
    plan["command"] = held.before + plan["command"]
    # so that whatever comes now, these are removed with the folder
    folders.write(folder, "run.json", json.dumps({"sockets": plan["sockets"], "groups": held.groups}))
    if held.missing:
        plan["note"] = f"[jupyterhub] not limited here: {', '.join(held.missing)}\n"
    tell({"event": "limits", "way": way, "missing": held.missing})
    reports, reporting = os.pipe()
    if os.fork() == 0:
        keeping.keep(plan, hub, held, reporting)
    os.close(reporting)
    hub.close()
    run = _reported(reports)
    if run.get("event") != "started":
        raise folders.Unusable(run.get("code", "command_failed"), run.get("why", "it was killed at once"))
    tell({**run, "folder": folder})
    return {**run, "folder": folder}


def _planned(request: "dict[str, Any]", folder: str, hub_port: int, umask: int) -> "dict[str, Any]":
    path = os.pathsep.join(os.path.expanduser(part) for part in request["path"].split(os.pathsep))
    port = request["port"]
    return {
        "folder": folder,
        "path": path,
        "port": port,
        "hub_port": hub_port,
        "umask": umask,
        "note": "",
        "command": _command(request["command"], path),
        "environment": _environment(request, folder, path, {"notebook": port, "hub": hub_port}),
        # last: where the program is missing, nobody would remove it
        "sockets": folders.socket_folder(folder),
    }


def _command(command: "list[str]", path: str) -> "list[str]":
    program = os.path.expanduser(command[0])
    found = shutil.which(program, path=path)
    if not found:
        raise folders.Unusable("command_missing", f"{program} is not in {path}")
    return [found, *command[1:]]


def _environment(
    request: "dict[str, Any]", folder: str, path: str, numbers: "dict[str, int]"
) -> "dict[str, str]":
    kept = {name: value for name, value in os.environ.items() if not _is_of_the_connection(name)}
    environment = {**kept, **request["environment"], "PATH": path, "JUPYTERHUB_SSH_RUN": folder}
    for name, (which, before, after) in request["addresses"].items():
        environment[name] = f"{before}{numbers[which]}{after}"
    for name, (file, text) in request["files"].items():
        folders.write(folder, file, text)
        environment[name] = os.path.join(folder, file)
    return environment


def _is_of_the_connection(name: str) -> bool:
    # they name what ends with the SSH session
    return name.startswith(("SSH_", "XDG_SESSION_")) or name in (
        "XDG_RUNTIME_DIR",
        "DBUS_SESSION_BUS_ADDRESS",
    )


def _reported(reports: int) -> "dict[str, Any]":
    with os.fdopen(reports, encoding="utf-8") as file:
        return dict(json.loads(file.readline() or "{}"))


def _watch(run: "dict[str, Any]", limit: float, tell: "Tell", hear: "Hear") -> bool:
    """Whether the hub keeps it."""
    until, listens = time.monotonic() + limit, False
    while time.monotonic() < until:
        heard = hear(0.1)
        if heard is not None:
            return bool(heard == "keep")
        if not asking.runs(run["pid"], run["born"]):
            tell({"event": "ended", **_end_of(run["folder"])})
            return False
        state = "" if listens else ports.state(int(run["port"]))
        if state == "foreign":
            raise folders.Unusable("port_taken", f"port {run['port']} was taken by another account")
        if state == "ours":
            listens = True
            tell({"event": "listening"})
    raise folders.Unusable("start_timeout", f"nobody kept it for {limit:g} s")


def _end_of(folder: str) -> "dict[str, Any]":
    status = asking.exit_status(folder)
    try:
        with open(os.path.join(folder, keeping.LOG), "rb") as file:
            file.seek(max(0, os.path.getsize(file.name) - TAIL))
            tail = file.read().decode("utf-8", "replace")
    except OSError:
        tail = ""
    return {"status": status, "tail": tail}
