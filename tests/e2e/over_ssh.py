"""A real hub whose notebooks run on hosts that are entered over SSH."""

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import psutil
from attrs import define

from e2e.hubs import RealHub
from ssh_hosts import SshHost

SPAWNER = "sshspawner.sshspawner.SSHSpawner"
"""As templates in use name it; ours stands for it."""

AUTHENTICATOR = "corc.authenticator.SSHAuthenticator"
CONFIGURER = "corc.configurer.AnsibleConfigurer"

PROGRAM = "/usr/local/bin/stand-in"
"""On a host, a server that answers like a notebook and is there much sooner."""


def prepare(host: SshHost, *accounts: str, ca: Iterable[str] = ()) -> None:
    """Have a host trust a hub's CA, and give it a stand-in and accounts."""
    host.trust_user_ca(*ca)
    text = Path(__file__).with_name("stand_in.py").read_text()
    host.write(PROGRAM, f"#!/usr/bin/python3 -I\n{text}", mode=0o755)
    for account in accounts:
        host.account(account)


def ca_of(folder: Path) -> list[str]:
    """The public keys that hosts of a hub's spawner trust; made if it has none yet."""
    program = str(Path(sys.executable).with_name("multiplespawner"))
    command = [program, "ca", "--json", "--directory", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    told: list[str] = [key["public_key"] for key in json.loads(done.stdout)["keys"]]
    return told


def pool(hosts: Iterable[SshHost], **more: Any) -> list[dict[str, Any]]:
    """Settings of the provider for hosts whose keys are pinned."""
    return [{"name": h.name, "address": h.address, "host_key": h.host_key, **more} for h in hosts]


def over_ssh(name: str = "Machines", **more: Any) -> dict[str, Any]:
    """A template whose notebooks are stand-ins on hosts; `more` are further or other keys."""
    return {
        "name": name,
        "resource_type": "bare_metal",
        "providers": ["hosts"],
        "spawner": {"class": SPAWNER, "kwargs": {"remote_hosts": ["{endpoint}"], "cmd": [PROGRAM]}},
        "authenticator": {"class": AUTHENTICATOR, "kwargs": {"create_certificate": "True"}},
        **more,
    }


HELD = (
    "root/.multiplespawner/leases/*",
    "home/*/.multiplespawner/leases/*",
    "home/*/.jupyterhub-resources/*",
)
"""On a host, what a session holds."""

ASIDE = (
    "root/.ansible/tmp/*",
    "home/*/.ansible/tmp/*",
    "tmp/ansible*",
    "var/tmp/ansible*",
    "tmp/jupyterhub-*",
)
"""There, what is put aside while something is begun."""


@define
class Left:
    """What is left on a host of what we did there."""

    processes: list[str]
    """Command lines of those that carry a mark of ours."""
    files: list[str]
    """Leases, the folders of runs, and what Ansible and others put aside."""

    @property
    def leases(self) -> list[str]:
        """Folders of leases."""
        return [file for file in self.files if "/leases/" in file]

    @property
    def is_nothing(self) -> bool:
        return not self.processes and not self.files


def left_on(host: SshHost) -> Left:
    """What is there now."""
    marked = []
    for process in host.processes():
        with contextlib.suppress(psutil.Error):
            if "MULTIPLESPAWNER_RESOURCE" in process.environ():
                marked.append(" ".join(process.cmdline()))
    return Left(marked, files_on(host, *HELD, *ASIDE))


def files_on(host: SshHost, *patterns: str) -> list[str]:
    """Files of a host, by patterns from its root."""
    try:
        return [str(file) for each in patterns for file in host.root.glob(each)]
    except FileNotFoundError as error:
        # it goes just now
        return [str(error.filename)]


def reservations(hub: RealHub) -> int:
    """How many leases the log has that were not returned."""
    topics = [topic for _, topic in hub.facts()]
    return topics.count("allowance.reserved") - topics.count("allowance.returned")
