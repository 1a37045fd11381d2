"""Playbooks and hosts for the tests of the Ansible configurer."""

import json
import subprocess
from pathlib import Path
from typing import Any

import cattrs
from attrs import frozen

from multiplespawner.adapters.outbound.configurers.ansible_configurer import AnsibleConfigurer
from multiplespawner.adapters.outbound.configurers.ansible_settings import AnsibleSettings
from multiplespawner.application.ports.authenticator import Access
from multiplespawner.application.ports.configurer import Work
from ssh_hosts import SshHost

ADMINISTRATOR = "boss"


@frozen
class Site:
    """A hub's directory, and a host whose administrator lets it in."""

    host: SshHost
    folder: Path

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
        play = [{"hosts": "all", "gather_facts": False, "tasks": list(tasks)}]
        text = tasks[0] if tasks and isinstance(tasks[0], str) else json.dumps(play)
        (self.folder / "state" / "play.yml").write_text(text)
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
        return AnsibleConfigurer(said, self.folder / "state")


def command(name: str, *argv: str, **more: Any) -> dict[str, Any]:
    """A task that runs a program."""
    return {"name": name, "ansible.builtin.command": {"argv": list(argv)}, **more}
