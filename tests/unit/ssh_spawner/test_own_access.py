"""The hub's own way into a host, with what the administrator's known_hosts has for it."""

import shutil

import asyncssh
import pytest

from multiplespawner.adapters.outbound.ssh import known_hosts_text
from multiplespawner.ssh_spawner.own_access import OwnAccess

KEY = asyncssh.generate_private_key("ssh-ed25519").export_public_key("openssh").decode().strip()
HASHED = "|1|F1E1KeoE/eEWhi10WpGv4OdiO6Y=|3988QV0VE8wmZL7suNrYQLITLCg="
"""192.168.1.61, as sshd(8) has it for an example."""


@pytest.mark.parametrize(
    ("address", "port", "known"),
    [
        ("node7.example", 22, f"node7.example {KEY}"),
        ("node7.example", 2222, f"[node7.example]:2222 {KEY}"),
        ("10.0.0.7", 22, f"10.0.0.* {KEY}"),
        ("::1", 22, f"::1 {KEY}"),
        ("192.168.1.61", 22, f"{HASHED} {KEY}"),
    ],
)
async def test_a_host_is_known_by_what_it_is_called(tmp_path, address, port, known):
    """By its name as well as by its number, in every form of OpenSSH."""
    file = tmp_path / "known_hosts"
    file.write_text(known)
    own = OwnAccess(address, port, "ada", tmp_path / "key", file)
    access = await own()
    assert access.known_hosts_file.read_text() == known_hosts_text(address, port, [KEY])
    assert access.known_hosts_file.stat().st_mode & 0o777 == 0o600


async def test_a_host_that_is_not_known_has_no_key(tmp_path):
    """It is refused when it shows one."""
    own = OwnAccess("node7.example", 22, "ada", tmp_path / "key", tmp_path / "none")
    access = await own()
    assert access.known_hosts_file.read_text() == ""


async def test_who_sweeps_temporary_folders_keeps_nobody_out(tmp_path):
    """A connection may last for weeks before the next one is made."""
    own = OwnAccess("node7.example", 22, "ada", tmp_path / "key", tmp_path / "none")
    shutil.rmtree((await own()).known_hosts_file.parent)
    assert (await own()).known_hosts_file.is_file()
