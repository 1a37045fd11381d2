"""What an administrator can set on SSHSpawner, or override."""

import random
from collections.abc import Mapping
from typing import Any

from traitlets import Bool, Dict, Float, HasTraits, Integer, List, Unicode, Union, default

from .failing import failure
from .settings import Pace

REPLACED: Mapping[str, str] = {
    "ssh_command": "connections are made by asyncssh",
    "remote_port_command": "the notebook gets a free port of the host's loopback",
    "hub_api_url": "the notebook reaches the hub through its SSH connection, at an address of 127.0.0.1",
    "hub_public_host": "browsers use the public address that JupyterHub is set to",
    "ssh_forward_tunnel_client": "the notebook is always reached through its SSH connection",
    "ssh_backtunnel_client": "the notebook always reaches the hub through its SSH connection",
    "ssh_backtunnel_client_path": "the host needs no key of its own to reach the hub",
    "ssh_forward_credentials_paths": "no key is copied to the host: it needs none to reach the hub",
    "ip": "the notebook listens on 127.0.0.1 of the host only, and is reached through its SSH connection",
}
"""Traits that are accepted and not used: what is done instead. `ip` is JupyterHub's own."""
SAID_BY_AUTHENTICATOR: Mapping[str, str] = {
    "ssh_keyfile": "the authenticator gives each session keys of its own. A key that opens the account that "
    "configures where the CA is not trusted yet is `ssh_keyfile` in the authenticator's kwargs, and in the "
    "provider's settings",
    "ssh_known_hosts": "the machine must show the key that its provider knows, or one that is in "
    "`ssh/known_hosts` of the hub's folder",
}
"""Traits that are not used where a template has an authenticator: what is done instead."""
UNSAID = ("", "127.0.0.1", "false", "localhost", "none", "{}")
"""Values, as text in small letters, that ask for nothing else than what is done anyway."""


class Traits(HasTraits):
    """Traits of sshspawner under their names, and ours."""

    remote_hosts = List(Unicode(), config=True, help="Hosts of which one is chosen for a notebook.")
    remote_port = Union([Unicode(), Integer()], default_value="22", config=True, help="Port of sshd.")
    ssh_keyfile = Unicode(
        "~/.ssh/id_ed25519",
        config=True,
        help="Private key, in OpenSSH's format, that opens the accounts; a certificate may lie beside it as "
        "`…-cert.pub`. `~` is the home of who runs the hub, `{username}` the name of the notebook's user.",
    )
    ssh_known_hosts = Unicode(
        "~/.ssh/known_hosts",
        config=True,
        help="Keys that hosts must show, or `@cert-authority` lines; hosts that aren't in it are refused.",
    )
    path = Unicode(
        "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin:~/.local/bin",
        config=True,
        help="PATH of the notebook, where its program and python3 are looked for; `~` is the account's home.",
    )
    resource_path = Unicode(
        ".jupyterhub-resources",
        config=True,
        help="Where each notebook's folder is made (0700): in the account's home, unless absolute.",
    )
    allow_root = Bool(False, config=True, help="Whether a notebook may run as root.")
    grace = Float(
        600.0,
        min=0,
        config=True,
        help="Seconds that a notebook whose host can't be reached is still taken to be running.",
    )
    stop_patience = Float(
        10.0, min=0, config=True, help="Seconds between asking a notebook to end and ending it by force."
    )
    reconnect_longest = Float(
        60.0,
        min=1,
        config=True,
        help="Seconds between two attempts to connect again, at most and a quarter more or less.",
    )
    keepalive = Float(
        15.0,
        min=1,
        config=True,
        help="Seconds between questions to the host; a connection ends after three without an answer.",
    )

    ssh_command = Unicode("", config=True, help="Not used: see REPLACED.")
    remote_port_command = Unicode("", config=True, help="Not used: see REPLACED.")
    hub_api_url = Unicode("", config=True, help="Not used: see REPLACED.")
    hub_public_host = Unicode("", config=True, help="Not used: see REPLACED.")
    ssh_forward_tunnel_client = Bool(False, config=True, help="Not used: see REPLACED.")
    ssh_backtunnel_client = Bool(False, config=True, help="Not used: see REPLACED.")
    ssh_backtunnel_client_path = Unicode("", config=True, help="Not used: see REPLACED.")
    ssh_forward_credentials_paths = Dict(config=True, help="Not used: see REPLACED.")

    said_by_authenticator = SAID_BY_AUTHENTICATOR

    remote_host = Unicode("", help="Where the notebook runs; set when it starts.")
    pid = Integer(0, help="Number of the notebook's process on its host; 0: none.")

    @default("env_keep")
    def _nothing_of_this_machine(self) -> list[str]:
        # PATH and the like name folders of the hub's machine
        return ["LANG", "LC_ALL", "JUPYTERHUB_SINGLEUSER_APP"]

    def get_remote_user(self, username: str) -> str:
        """The unix account of a user of the hub; to be overridden."""
        return username

    async def choose_remote_host(self) -> str:
        """The host for the next notebook; to be overridden. Raises NotOnHost where there is none."""
        if not self.remote_hosts:
            raise failure("host_missing")
        return str(random.choice(self.remote_hosts))  # noqa: S311 - not a secret

    @classmethod
    def remarks(cls, kwargs: Mapping[str, Any]) -> dict[str, str]:
        """What is done instead, by each of these settings that says something and is not used."""
        return {
            name: instead
            for name, instead in REPLACED.items()
            if str(kwargs.get(name, "")).strip().lower() not in UNSAID
        }

    def replaced(self) -> dict[str, str]:
        """The same of what is set on this spawner."""
        return self.remarks({name: getattr(self, name) for name in REPLACED})

    @property
    def pace(self) -> Pace:
        """How often a lost connection is tried."""
        return Pace(longest=self.reconnect_longest, keepalive=self.keepalive)
