"""The hosts that other tests enter over SSH are like real ones, and nothing is left of them."""

import asyncssh
import pytest

from ssh_hosts import SshHost


def public(key: asyncssh.SSHKey) -> str:
    """A key's line as in authorized_keys."""
    return key.export_public_key().decode().strip()


def entered(host: SshHost, account: str, key, **options):
    """A connection to a host, which shows its own key, as an account."""
    known = asyncssh.import_known_hosts(f"{host.address} {host.host_key}")
    options = {"known_hosts": known, "client_keys": [key], "agent_path": None, "config": None, **options}
    return asyncssh.connect(host.address, host.port, username=account, **options)


@pytest.fixture
def key() -> asyncssh.SSHKey:
    """A user's key."""
    return asyncssh.generate_private_key("ssh-ed25519")


async def test_who_has_an_authorized_key_enters(ssh_host, key):
    """The account that was told of a key is entered with it."""
    ssh_host.account("ada")
    ssh_host.authorize("ada", public(key))
    async with entered(ssh_host, "ada", key) as connection:
        done = await connection.run('id -un; echo "$HOME"; hostname', check=True)
    assert done.stdout.split() == ["ada", "/home/ada", ssh_host.name]


async def test_who_has_a_certificate_of_the_authority_enters(ssh_host, key):
    """A certificate for the account opens it; the key alone doesn't."""
    authority = asyncssh.generate_private_key("ssh-ed25519")
    ssh_host.account("ada")
    ssh_host.trust_user_ca(public(authority))
    certificate = authority.generate_user_certificate(key, "test", principals=["ada"])
    async with entered(ssh_host, "ada", (key, certificate)) as connection:
        assert (await connection.run("id -un")).stdout == "ada\n"
    with pytest.raises(asyncssh.PermissionDenied):
        await entered(ssh_host, "ada", key)
