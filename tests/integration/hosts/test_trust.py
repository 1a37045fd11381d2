"""The provider of hosts on real ones: whether it goes in, whether it is let in, what is said where not."""

import re
import subprocess
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from leased_hosts import SPEC, Pool
from multiplespawner.adapters.outbound.providers.hosts.pool import HostsProvider
from multiplespawner.adapters.outbound.providers.hosts.settings import HostSettings, HostsSettings
from multiplespawner.adapters.outbound.ssh import fingerprint
from multiplespawner.application.ports.provider import NotTrusted
from ssh_hosts import SshHost


def alone(host: SshHost, directory: Path, **said: Any) -> HostsProvider:
    """A pool of one host, of which only this is said."""
    return HostsProvider(HostsSettings((HostSettings(host.name, host.address, **said),)), directory)


async def test_a_host_that_does_not_trust_the_ca(ssh_host: SshHost, directory: Path, token: str) -> None:
    """The user is told what has to be done; a key that the host knows does instead."""
    with pytest.raises(NotTrusted) as caught:
        await alone(ssh_host, directory, host_key=ssh_host.host_key).ensure(token, SPEC)
    assert caught.value.code == "login_refused"
    assert not caught.value.may_retry
    assert "multiplespawner ca" in caught.value.words
    assert "ssh_keyfile" in caught.value.words
    key = asyncssh.generate_private_key("ssh-ed25519")
    key.write_private_key(directory / "key")
    ssh_host.run("sh", "-c", "umask 077; mkdir -p /root/.ssh; cat >/root/.ssh/authorized_keys",
                 text=key.export_public_key().decode())  # fmt: skip
    pool = alone(ssh_host, directory, host_key=ssh_host.host_key, ssh_keyfile=str(directory / "key"))
    assert (await pool.ensure(token, SPEC)).token == token


@pytest.mark.parametrize("content", [None, "", "no key", "locked"])
async def test_a_key_file_that_is_no_use(
    ssh_host: SshHost, directory: Path, token: str, content: str | None
) -> None:
    """It is told, and no retry helps."""
    directory.mkdir()
    file = directory / "key"
    if content == "locked":
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "canary", "-f", file], check=True)
    elif content is not None:
        file.write_text(content)
    with pytest.raises(NotTrusted) as caught:
        await alone(ssh_host, directory, host_key=ssh_host.host_key, ssh_keyfile=str(file)).ensure(
            token, SPEC
        )
    assert caught.value.code == "key_unusable"
    assert str(file) in str(caught.value)


async def test_a_host_that_nobody_knows(ssh_host: SshHost, directory: Path, token: str) -> None:
    """Its fingerprint is told to everybody, the line to be entered to administrators."""
    with pytest.raises(NotTrusted) as caught:
        await alone(ssh_host, directory).ensure(token, SPEC)
    assert caught.value.code == "host_key_unknown"
    assert fingerprint(ssh_host.host_key) in caught.value.words
    assert ssh_host.host_key in str(caught.value)


async def test_a_host_that_shows_another_key(ssh_host: SshHost, pool: Pool, token: str) -> None:
    """Nothing is sent to it."""
    provider = pool(ssh_host)
    ssh_host.change_host_key()
    with pytest.raises(NotTrusted) as caught:
        await provider.ensure(token, SPEC)
    assert caught.value.code == "host_key_mismatch"
    assert fingerprint(ssh_host.host_key) in caught.value.words


async def test_a_key_is_taken_on_trust_once(
    ssh_host: SshHost, pool: Pool, directory: Path, token: str
) -> None:
    """Where that is asked for; it is recorded, and another one is refused."""
    pool(ssh_host)
    provider = alone(ssh_host, directory, strict_host_key_checking="accept-new")
    made = await provider.ensure(token, SPEC)
    assert made.host_keys == (ssh_host.host_key,)
    recorded = directory / "ssh/known_hosts"
    assert recorded.read_text() == f"{ssh_host.address} {ssh_host.host_key}\n"
    assert recorded.stat().st_mode & 0o777 == 0o600
    assert (await alone(ssh_host, directory).get(made.id)).host_keys == made.host_keys
    ssh_host.change_host_key()
    ssh_host.drop_connections()
    with pytest.raises(NotTrusted) as caught:
        await provider.ensure(token, SPEC)
    assert caught.value.code == "host_key_mismatch"
    assert "known_hosts" in str(caught.value)


async def test_a_host_is_known_by_its_ca(ssh_host: SshHost, pool: Pool, directory: Path, token: str) -> None:
    """Whatever its own key is."""
    pool(ssh_host)
    key = asyncssh.generate_private_key("ssh-ed25519")
    key.write_private_key(directory / "host_ca")
    (directory / "host_ca").chmod(0o600)
    authority = key.export_public_key().decode().strip()
    ssh_host.certify(directory / "host_ca")
    made = await alone(ssh_host, directory, host_ca=authority).ensure(token, SPEC)
    assert made.host_keys == (f"@cert-authority {authority}",)


async def test_its_certificate_is_good_from_where_the_hub_is(
    ssh_host: SshHost, pool: Pool, token: str
) -> None:
    """A host that sees the hub come from elsewhere refuses it, and what was expected is told."""
    assert (await pool(ssh_host, source_address="10.99.0.0/16").ensure(token, SPEC)).token == token
    assert re.search(rf"multiplespawner hosts {ssh_host.name} \(serial [1-9]\d*\)", ssh_host.sshd_log())
    with pytest.raises(NotTrusted) as caught:
        await pool(ssh_host, source_address="192.0.2.0/24").ensure(token, SPEC)
    assert caught.value.code == "login_refused"
    assert "192.0.2.0/24" in str(caught.value)
