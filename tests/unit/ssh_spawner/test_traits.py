"""Settings of sshspawner are all taken; those that make no sense any more say what is done instead."""

import pytest
from traitlets.config import Config

from multiplespawner.adapters.outbound.inner_spawners.settings import fitted
from multiplespawner.ssh_spawner import SSHSpawner
from multiplespawner.ssh_spawner.traits import REPLACED

THEIRS = {
    "remote_hosts": ["{endpoint}"],
    "remote_port": "22",
    "ssh_keyfile": "~/.corc/ssh/id_rsa",
    "ssh_command": "/usr/bin/ssh",
    "path": "/usr/bin:~/.local/bin",
    "remote_port_command": "/usr/bin/python3 /usr/local/bin/get_port.py",
    "hub_api_url": "http://127.0.0.1:8081/hub/api",
    "resource_path": ".jupyterhub-resources",
    "ssh_backtunnel_client": "True",
    "ssh_backtunnel_client_path": "~/.ssh",
    "ssh_forward_tunnel_client": "True",
    "ssh_forward_credentials_paths": {"private_key_file": "a", "public_key_file": "b"},
    "hub_public_host": "https://hub.example",
    "ip": "0.0.0.0",
}
"""As templates in use have them."""
USED = {"remote_hosts", "remote_port", "ssh_keyfile", "path", "resource_path"}


def test_every_setting_of_a_template_is_taken():
    """Also as text, where a number or a truth value is meant."""
    spawner = SSHSpawner(**fitted(SSHSpawner, THEIRS))
    assert spawner.ssh_backtunnel_client is True
    assert set(spawner.replaced()) == set(THEIRS) - USED == set(REPLACED)


def test_what_is_not_used_is_told_of_a_template_as_well():
    """By its text, before there is a spawner; what asks for nothing else is passed over."""
    assert SSHSpawner.remarks(THEIRS) == {name: REPLACED[name] for name in REPLACED}
    said = {"ssh_backtunnel_client": "False", "ip": "127.0.0.1", "ssh_command": "", "path": "/bin"}
    assert SSHSpawner.remarks(said) == {}


def test_what_an_authenticator_says_is_a_setting():
    """It says where it goes instead."""
    assert set(SSHSpawner.said_by_authenticator) <= set(SSHSpawner.class_trait_names(config=True))
    assert "ssh_keyfile" in SSHSpawner.said_by_authenticator


@pytest.mark.parametrize("name", sorted(THEIRS.keys() - {"ip"}))
def test_every_setting_can_be_configured(name):
    """In jupyterhub_config.py too."""
    assert name in SSHSpawner.class_trait_names(config=True)


def test_nothing_is_said_of_what_was_not_set():
    """Defaults make no noise."""
    assert SSHSpawner().replaced() == {}
    assert SSHSpawner(config=Config({"Spawner": {"ip": "127.0.0.1"}})).replaced() == {}


def test_what_names_folders_of_the_hubs_machine_does_not_go_along():
    """Unless an administrator says so."""
    assert "PATH" not in SSHSpawner().env_keep
    kept = SSHSpawner(config=Config({"Spawner": {"env_keep": ["PATH"]}}))
    assert kept.env_keep == ["PATH"]
