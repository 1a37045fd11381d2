"""Playbooks and hosts for the tests of the Ansible configurer."""

import json
import subprocess
from contextlib import aclosing
from pathlib import Path
from typing import Any

import cattrs
import psutil
from attrs import frozen

from multiplespawner.adapters.outbound.configurers.ansible_configurer import AnsibleConfigurer
from multiplespawner.adapters.outbound.configurers.ansible_settings import AnsibleSettings
from multiplespawner.application.ports.authenticator import Access
from multiplespawner.application.ports.configurer import TaskProgress, Work
from ssh_hosts import SshHost

ADMINISTRATOR = "boss"


@frozen
class Site:
    """A hub's directory, and a host whose administrator lets it in."""

    host: SshHost
    folder: Path
    directory: Path | None = None
    """The hub's directory, if not the usual one below `folder`."""

    @property
    def state(self) -> Path:
        """The hub's directory."""
        return self.directory or self.folder / "state"

    @classmethod
    def found(cls, host: SshHost, folder: Path, *, sudo: bool = True) -> "Site":
        """Make the keys and the administrator."""
        site = cls(host, folder)
        (folder / "state").mkdir(mode=0o700, parents=True)
        subprocess.run(["ssh-keygen", "-qt", "ed25519", "-N", "", "-f", folder / "key"], check=True)
        host.account(ADMINISTRATOR, sudo=sudo)
        host.authorize(ADMINISTRATOR, (folder / "key.pub").read_text().strip())
        site.knows(host.host_key)
        return site

    def knows(self, key: str) -> None:
        """Set the key that the host must show."""
        (self.folder / "known_hosts").write_text(f"{self.host.address} {key}\n")

    def runs(self, mark: str) -> bool:
        """Whether a process of the host has this among its arguments."""
        return any(mark in arguments_of(process) for process in self.host.processes())

    def leave(self) -> None:
        """Take the administrator away again, so that another hub may come."""
        # a run that was cancelled while the host was cut off may have left a process there
        script = 'while pkill -KILL -u "$1"; do sleep 0.05; done; userdel --remove "$1" 2>&1 || cat'
        self.host.run("sh", "-c", script, "-", ADMINISTRATOR)

    def as_arguments(self) -> tuple[str, str]:
        """What ansible_hub.py wants to know."""
        return str(self.folder), self.host.address

    def write(self, name: str, tasks: list[Any]) -> None:
        """Write a playbook beside the template file."""
        self.write_tasks(name, [{"hosts": "all", "gather_facts": False, "tasks": tasks}])

    def write_tasks(self, name: str, tasks: list[Any]) -> None:
        """Write a file of tasks there."""
        (self.state / name).write_text(json.dumps(tasks))

    def work(self, folder: Path | None = None, **names: str) -> Work:
        """Something to set up for user ada, or whoever `JUPYTERHUB_USER` says."""
        folder = folder or self.folder / "run"
        folder.mkdir(mode=0o700)
        access = Access(
            self.host.address, self.host.port, ADMINISTRATOR, self.folder / "key", self.folder / "known_hosts"
        )
        return Work(access, "ada", True, {"JUPYTERHUB_USER": "ada", **names}, folder)

    def configurer(
        self, *tasks: Any, variables: dict[str, Any] | None = None, **settings: Any
    ) -> AnsibleConfigurer:
        """One with a playbook of these tasks; each is a mapping, or text of YAML for the whole playbook."""
        if tasks and isinstance(tasks[0], str):
            (self.state / "play.yml").write_text(tasks[0])
        else:
            self.write("play.yml", list(tasks))
        return self.with_playbook("play.yml", variables=variables, **settings)

    def with_playbook(
        self, *paths: str, variables: dict[str, Any] | None = None, **settings: Any
    ) -> AnsibleConfigurer:
        """One with playbooks of this name."""
        options = {
            "host_variables": {"ansible_user": ADMINISTRATOR, **(variables or {})},
            "apply_kwargs": {"playbook_paths": list(paths)},
            **settings.pop("options", {}),
        }
        said = cattrs.structure({"options": options, **settings}, AnsibleSettings)
        return AnsibleConfigurer(said, self.state)


def arguments_of(process: psutil.Process) -> list[str]:
    """Arguments of a process; [] if it is gone."""
    try:
        return process.cmdline()
    except psutil.Error:
        return []


async def applied(
    configurer: AnsibleConfigurer, work: Work, told: list[TaskProgress] | None = None
) -> list[TaskProgress]:
    """Apply it to the end; returns what it told, and notes that in `told` as it goes."""
    noted = [] if told is None else told
    async with aclosing(configurer.apply(work)) as tasks:
        async for task in tasks:
            noted.append(task)
    return noted


def command(name: str, *argv: str, **more: Any) -> dict[str, Any]:
    """A task that runs a program."""
    return {"name": name, "ansible.builtin.command": {"argv": list(argv)}, **more}
