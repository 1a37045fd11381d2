"""All that templates said to corc's authenticator is understood, and told where it means another thing."""

import pytest

from multiplespawner.adapters.outbound.authenticators.ssh_settings import SSHAuthenticatorSettings
from multiplespawner.adapters.outbound.config.provider_settings import flaws, structured

OF_CORC = {
    "load_existing": "False",
    "ssh_dir_path": "~/.corc/ssh",
    "key_name": "id_rsa",
    "size": "2048",
    "create_certificate": "True",
    "check_certificate": "True",
    "certificate_kwargs": {"identity": "UserIdentity"},
}


def settings(**said):
    """As they are read from a template."""
    return structured(said, SSHAuthenticatorSettings)


def test_all_settings_of_corc_are_accepted():
    """Also as the texts that templates have."""
    read = settings(**OF_CORC)
    assert (read.create_certificate, read.size, read.identity) == (True, 2048, "UserIdentity")
    assert flaws(OF_CORC, SSHAuthenticatorSettings) == ()


def test_the_template_that_everybody_has_needs_no_remark():
    """What it says is what is done."""
    assert list(settings(create_certificate="True").remarks()) == []


@pytest.mark.parametrize(
    ("said", "remarked"),
    [
        ({"load_existing": True, "key_name": "mine"}, ["load_existing"]),
        ({"ssh_dir_path": "/srv/keys"}, ["ssh_dir_path"]),
        ({"key_name": "mine"}, ["key_name"]),
        ({"size": 4096}, ["size"]),
        ({"check_certificate": False}, ["check_certificate"]),
        ({"certificate_kwargs": {"identity": "a", "days": 3}}, ["certificate_kwargs"]),
    ],
)
def test_what_does_something_else_now_is_told(said, remarked):
    """By its name, with what is done instead."""
    remarks = list(settings(**said).remarks())
    assert [name for name, _ in remarks] == remarked
    assert all(instead for _, instead in remarks)


@pytest.mark.parametrize(
    "said",
    [
        {"certificate_minutes": 0},
        {"certificate_minutes": 100000},
        {"strict_host_key_checking": "no"},
        {"create_certificate": "perhaps"},
        {"ssh_keyfile": 3},
        {"keyname": "x"},
    ],
)
def test_mistakes_are_found_before_a_session_is(said):
    """Host keys in particular can't be ignored."""
    assert flaws(said, SSHAuthenticatorSettings) != ()


def test_which_key_lets_in(monkeypatch):
    """The one that is named; else the existing one, where it is asked for."""
    monkeypatch.setenv("HOME", "/home/hub")
    assert settings().key_file is None
    assert str(settings(ssh_keyfile="~/id").key_file) == "/home/hub/id"
    assert str(settings(load_existing="True").key_file) == "/home/hub/.corc/ssh/id_rsa"
    assert str(settings(load_existing="True", ssh_keyfile="/id").key_file) == "/id"
