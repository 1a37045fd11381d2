"""Where the notebooks of a killed hub run: beside it, or on a host that is entered over SSH."""

import json
import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, Protocol
from zlib import crc32

import psutil
from attrs import frozen

from e2e.leaks import of_sessions
from e2e.over_ssh import CONFIGURER, left_on, over_ssh, pool
from ssh_hosts import SshHost

from .holdings import Holdings

STAND_IN = Path(__file__).parents[1] / "stand_in.py"


class Place(Protocol):
    """What differs between them."""

    provider: str
    user: str
    """Of the hub; what else stories share, each has a user of its own in."""
    each: int
    """Processes of a notebook that carry its mark, once it runs."""
    is_pool: bool
    """Whether a session takes a place of a pool."""
    reconcile_every: float
    """Seconds between two rounds of the hub while no points are counted."""

    def settle(self, folder: Path) -> None:
        """Write what the spawner's own folder has before the hub starts for the first time."""

    def has_begun(self, held: Holdings) -> bool:
        """Whether the program of the last session runs, and nobody waits for anything but its answer."""

    def left(self, folder: Path, kept: frozenset[str]) -> list[str]:
        """What there is besides processes with a mark, of other tokens than those."""


def playbook(seconds: str) -> str:
    """One that looks at a host, and then takes a while to write a file, which lies aside until then."""
    # another one each time: else there is nothing to write
    copied = {"dest": "/etc/motd", "content": "{{ 999999999 | random }}\n"}
    copied["validate"] = f"sh -c 'exec sleep {seconds}' %s"
    tasks = [
        {"name": "Look", "ansible.builtin.command": {"argv": ["true"]}},
        {"name": "Greet", "ansible.builtin.copy": copied},
    ]
    return json.dumps([{"hosts": "all", "gather_facts": False, "tasks": tasks}])


def offer(folder: Path, templates: Iterable[dict[str, Any]], **entry: Any) -> None:
    """Write both files of the configuration, with one entry for all templates."""
    (folder / "spawner_templates.json").write_text(json.dumps(list(templates)))
    (folder / "spawner_deployment.json").write_text(json.dumps({"bare_metal": [{"name": "here", **entry}]}))


@frozen
class Beside:
    """On the hub's own machine."""

    provider = "local"
    user = "ann"
    each = 1
    is_pool = False
    reconcile_every = 0.3

    def settle(self, folder: Path) -> None:
        """Offer a server that starts, and two that never do, one for a second only."""
        kwargs = {
            "cmd": [sys.executable, "-I", "-S", str(STAND_IN)],
            "home_dir_template": str(folder / "home" / "{username}"),
        }
        common = {"resource_type": "bare_metal", "providers": [self.provider], "start_timeout": 60}
        never = f"{__package__}.never_ready.SpawnerThatNeverReturns"
        works = "jupyterhub.spawner.SimpleLocalProcessSpawner"
        templates = [
            {"name": name, "spawner": {"class": cls, "kwargs": kwargs}, **common}
            for name, cls in (("works", works), ("waits", never))
        ]
        offer(folder, [*templates, {**templates[-1], "name": "times_out", "start_timeout": 1}])

    def has_begun(self, held: Holdings) -> bool:
        """Its state has been kept."""
        return held.worlds[-1].deployment.state_digest is not None

    def left(self, folder: Path, kept: frozenset[str]) -> list[str]:
        """Nothing is ever put anywhere else."""
        return []


@frozen
class OnHost:
    """On one of its own."""

    host: SshHost
    user: str
    keys: Path
    """Folder of a user CA that the host trusts; each hub gets a copy."""
    provider = "hosts"
    each = 2
    is_pool = True
    reconcile_every = 1.0

    def settle(self, folder: Path) -> None:
        """Offer a server that starts, one that never does, and two whose host a playbook sets up."""
        shutil.copytree(self.keys, folder / "ssh")
        templates = [over_ssh("works"), over_ssh("times_out", start_timeout=9)]
        templates[-1]["spawner"]["kwargs"]["cmd"] = ["sleep", "600"]
        for name, seconds in (("set_up", "0.7"), ("waits", self._for_ever)):
            (folder / f"{name}.yml").write_text(playbook(seconds))
            options = {"apply_kwargs": {"playbook_path": f"{name}.yml"}}
            templates.append(over_ssh(name, configurer={"class": CONFIGURER, "options": options}))
        pooled = {"hosts": pool([self.host], sessions=1), "terminate_timeout": 2}
        offer(folder, templates, provider=self.provider, **pooled)

    def has_begun(self, held: Holdings) -> bool:
        """With whom keeps it there is whom the hub has not told yet to keep it; or the playbook sleeps."""
        return held.processes()[held.worlds[-1].resource.token] == self.each + 1 or any(self._naps())

    def left(self, folder: Path, kept: frozenset[str]) -> list[str]:
        """Of sessions and of Ansible on the host; keys, and what a playbook needed, on the hub's machine."""
        there = [file for file in left_on(self.host).files if Path(file).name not in kept]
        # one that runs may have its sockets there, where their names in its own folder would be too long
        sockets = [file for file in there if fnmatch(file, "*/tmp/jupyterhub-*")][: len(kept)]
        wrong = [f"on the host {file}" for file in there if file not in sockets]
        wrong += [str(keys) for keys in folder.glob("private/deployment/*/configure")]
        if not kept:
            wrong += of_sessions(folder / "private")
            wrong += [str(keys) for keys in folder.glob("private/deployment/*")]
        wrong += [str(login) for login in folder.glob("ssh/login-*")]
        return [*wrong, *_strays(folder / "private"), *self._naps()]

    @property
    def _for_ever(self) -> str:
        """Seconds that a task sleeps which is to be called off; nobody else's are the same."""
        return f"600.{os.getpid()}{crc32(self.user.encode())}"

    def _naps(self) -> Iterator[str]:
        """That task, where it runs."""
        return (line for _, line in _programs() if line == f"sleep {self._for_ever}")


def _strays(folder: Path) -> Iterator[str]:
    """Programs that somebody who has gone was running below a folder of this machine."""
    return (line for cwd, line in _programs() if Path(cwd).is_relative_to(folder))


def _programs() -> Iterator[tuple[str, str]]:
    """Folders and command lines of all processes."""
    for pid in psutil.pids():
        with suppress(psutil.Error, OSError):
            process = psutil.Process(pid)
            yield process.cwd(), " ".join(process.cmdline())
