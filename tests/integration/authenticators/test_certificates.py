"""A certificate is for one account, for minutes, and for little."""

import asyncio
import subprocess

import asyncssh
import attrs
import pytest

from multiplespawner.adapters.outbound.ssh import SshFailed, connect, on_ssh_loop
from multiplespawner.application.ports.authenticator import Access, AuthenticationFailed
from ssh_entering import REFUSED, authenticator, failure, refusal, run
from ssh_hosts import SshHost


async def test_what_it_permits(directory, target):
    """Neither gives a terminal; only the notebook's lets ports through."""
    made = await authenticator(directory).prepare(target)

    async def tried(access: Access) -> tuple[str, str]:
        async with await connect(access) as connection:
            terminal = await outcome(connection.create_process("true", term_type="xterm"))
            port = await outcome(connection.forward_remote_port("127.0.0.1", 0, "127.0.0.1", 1))
        return terminal, port

    assert await on_ssh_loop(tried(made.notebook)) == ("refused", "given")
    assert await on_ssh_loop(tried(made.configuring)) == ("refused", "refused")


async def test_it_is_for_one_account(directory, target):
    """With the key of one, nobody enters as the other."""
    made = await authenticator(directory).prepare(target)
    assert await failure(attrs.evolve(made.notebook, user="admin")) in REFUSED
    assert await failure(attrs.evolve(made.configuring, user="ada")) in REFUSED


async def test_the_host_notes_who_it_was(directory, target, host):
    """The serial that is told stands in the host's own log."""
    settings = {"certificate_kwargs": {"identity": "hub-7"}}
    made = await authenticator(directory, **settings).prepare(target)
    await run(made.notebook, "true")
    assert f"hub-7-notebook-ada (serial {made.serial})" in host.sshd_log()


async def test_it_is_good_from_where_the_hub_is(directory, target, ca):
    """Both are, and a host that sees another address lets nobody in; which, is told."""
    good = await authenticator(directory, source_address=["192.0.2.0/24", "10.99.0.0/16"]).prepare(target)
    assert await run(good.notebook, "id -un") == "ada\n"
    assert await run(good.configuring, "id -un") == "admin\n"
    elsewhere = authenticator(directory, source_address="192.0.2.0/24")
    await elsewhere.renew(target)
    for access in (good.notebook, good.configuring):
        with pytest.raises(SshFailed) as failed:
            await run(access, "true")
        assert failed.value.code in REFUSED
    refused = await refusal(elsewhere, target)
    assert refused.code == "ca_not_trusted"
    assert "192.0.2.0/24" in refused.message


async def test_a_live_connection_outlives_it(directory, target):
    """Only a new connection needs a new certificate: ended and withdrawn, the old one goes on."""
    made = authenticator(directory)
    credentials = await made.prepare(target)

    async def work() -> str:
        async with await connect(credentials.notebook) as connection:
            await made.withdraw(target.folder)
            return str((await connection.run("id -un")).stdout)

    assert await on_ssh_loop(work()) == "ada\n"


async def test_what_was_revoked(directory, target, host, ca):
    """It is not renewed, and a host that has the list refuses what there was."""
    made = authenticator(directory)
    credentials = await made.prepare(target)
    other = attrs.evolve(target, folder=target.folder.with_name("other"))
    another = await made.prepare(other)
    ca.revoke(credentials.serial)
    with pytest.raises(AuthenticationFailed) as failed:
        await made.renew(target)
    assert failed.value.code == "certificate_revoked"
    host.revoke(ca.revocation_list())
    assert {await failure(each) for each in (credentials.notebook, credentials.configuring)} <= REFUSED
    assert await run((await made.renew(other)).notebook, "id -un") == "ada\n"
    assert await run(another.configuring, "id -un") == "admin\n"


async def test_the_ca_is_exchanged_without_a_refusal(directory, target, host, ca):
    """At every step, a host with the keys that were printed before it lets in."""
    made = authenticator(directory)
    await made.prepare(target)
    steps = (ca.rotate, ca.switch, ca.retire)
    for step in steps:
        host.trust_user_ca(*ca.public_keys())
        step()
        credentials = await made.renew(target)
        assert await run(credentials.notebook, "id -un") == "ada\n"
    old, new = host_keys_trusted(host), ca.public_keys()
    assert len(old) == 2
    assert len(new) == 1
    host.trust_user_ca(*new)
    assert await run((await made.renew(target)).notebook, "id -un") == "ada\n"


async def test_openssh_enters_with_the_same_files(directory, target):
    """What Ansible runs finds key, certificate and host key where they are said to be."""
    made = await authenticator(directory).prepare(target)
    access = made.configuring
    options = {
        "IdentityFile": access.key_file,
        "UserKnownHostsFile": access.known_hosts_file,
        "GlobalKnownHostsFile": "/dev/null",
        "StrictHostKeyChecking": "yes",
        "IdentitiesOnly": "yes",
        "BatchMode": "yes",
    }
    said = [f"-o{name}={value}" for name, value in options.items()]
    command = [
        "ssh",
        "-F",
        "none",
        *said,
        "-p",
        str(access.port),
        f"{access.user}@{access.address}",
        "id -un",
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20)
    assert (done.stdout, done.returncode) == ("admin\n", 0), done.stderr


@pytest.mark.parametrize("after", [0.0, 0.002, 0.01, 0.03, 0.06])
async def test_a_start_that_is_called_off_leaves_no_key(directory, target, after):
    """Whenever that is, nothing is written once all was withdrawn."""
    made = authenticator(directory)
    await made.prepare(target)
    preparing = asyncio.create_task(made.prepare(target))
    asyncio.get_running_loop().call_later(after, preparing.cancel)
    await asyncio.gather(preparing, return_exceptions=True)
    await made.withdraw(target.folder)
    assert list(target.folder.iterdir()) == []
    with pytest.raises(AuthenticationFailed):
        await made.renew(target)


async def outcome(attempt) -> str:
    """Whether the host does it."""
    try:
        await attempt
    except (asyncssh.ChannelOpenError, asyncssh.ChannelListenError):
        return "refused"
    return "given"


def host_keys_trusted(host: SshHost) -> list[str]:
    """The CAs that a host trusts."""
    return (host.root / "etc/ssh/user_ca_keys").read_text().splitlines()
