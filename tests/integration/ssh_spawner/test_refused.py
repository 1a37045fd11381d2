"""A start that can't be has a code, a sentence for its user, and leaves nothing on the host."""

import asyncio
import shutil

import asyncssh
import pytest

from multiplespawner.ssh_spawner.failing import NotOnHost
from ssh_hosts import ssh_hosts
from ssh_notebooks import asked, key_for, left_on, running, spawner_for, until


async def refused(spawner) -> NotOnHost:
    """What the start raised."""
    with pytest.raises(NotOnHost) as caught:
        await spawner.start()
    assert caught.value.jupyterhub_message
    assert await spawner.poll() == 0
    assert spawner.get_state() == {}
    return caught.value


@pytest.mark.parametrize(
    ("traits", "code"),
    [
        ({"cmd": ["no-such-program"]}, "command_missing"),
        ({"cmd": ["/etc/passwd"]}, "command_missing"),
        ({"cmd": ["/usr/bin/false"]}, "notebook_ended"),
        ({"resource_path": "/proc/here"}, "folder_unusable"),
        ({"resource_path": "/tmp"}, "folder_unsafe"),
        ({"resource_path": "two\nlines"}, "setting_unusable"),
        ({"path": "/usr/bin\n/bin"}, "setting_unusable"),
        ({"environment": {"A": "a\0b"}}, "setting_unusable"),
        ({"environment": {"MULTIPLESPAWNER_RESOURCE": "../../../tmp/x"}}, "setting_unusable"),
        ({"remote_port": "ssh"}, "setting_unusable"),
        ({"remote_hosts": []}, "host_missing"),
    ],
)
async def test_settings_that_can_not_work(ssh_host, made, traits, code):
    """Each says what is wrong."""
    assert (await refused(made(**traits))).code == code
    assert left_on(ssh_host, "ada") == []


async def test_a_program_that_can_not_be_run(ssh_host, made):
    """It is there, but what it needs is not."""
    ssh_host.write("/usr/local/bin/notebook", "#!/no/such/interpreter\n", mode=0o755)
    assert (await refused(made(cmd=["notebook"]))).code == "command_failed"
    assert left_on(ssh_host, "ada") == []


async def test_a_host_that_is_not_known(made, tmp_path):
    """The message has the fingerprint that it shows."""
    (tmp_path / "known_hosts").write_text("# nobody\n")
    error = await refused(made())
    assert error.code == "host_key_unknown"
    assert "SHA256:" in error.jupyterhub_message


async def test_a_host_with_another_key(ssh_host, made):
    """Nothing was sent to it."""
    ssh_host.change_host_key()
    assert (await refused(made())).code == "host_key_mismatch"


async def test_known_hosts_may_name_others_and_hide_names(ssh_host, made, tmp_path):
    """As OpenSSH writes it, with hashed names and comments."""
    key = ssh_host.host_key
    (tmp_path / "known_hosts").write_text(
        f"# comment\nelsewhere.example {key} a b\n{ssh_host.address} {key}\n"
    )
    keygen = await asyncio.create_subprocess_exec(
        "ssh-keygen", "-q", "-H", "-f", str(tmp_path / "known_hosts")
    )
    assert await keygen.wait() == 0
    async with running(made()):
        pass


async def test_a_key_that_does_not_open_the_account(made, tmp_path):
    """The host has the account, and does not know the key."""
    asyncssh.generate_private_key("ssh-ed25519").write_private_key(tmp_path / "ada.key")
    assert (await refused(made())).code == "login_refused"


async def test_an_account_that_is_not_there(ssh_host, made, tmp_path):
    """A host does not tell it from a key that is refused."""
    shutil.copy(tmp_path / "ada.key", tmp_path / "bob.key") if made() else None
    assert (await refused(spawner_for(ssh_host, "bob", tmp_path))).code == "login_refused"


@pytest.mark.parametrize("name", ["root", "../ada", "a b", "x;id", "-oProxyCommand=id", ""])
async def test_names_that_are_no_accounts_of_people(ssh_host, tmp_path, name):
    """Nothing is tried with them."""
    assert (await refused(spawner_for(ssh_host, name, tmp_path))).code == "account_refused"


async def test_a_key_that_is_missing(made, tmp_path):
    """The message names the file."""
    error = await refused(made(ssh_keyfile=str(tmp_path / "none")))
    assert error.code == "key_unusable"
    assert str(tmp_path / "none") in error.jupyterhub_message


async def test_an_account_that_may_not_run_anything(ssh_host, made):
    """Its shell says so."""
    spawner = made()
    ssh_host.run("usermod", "-s", "/usr/sbin/nologin", "ada")
    assert (await refused(spawner)).code == "account_unusable"


async def test_a_home_that_is_missing(ssh_host, made):
    """It can't be made by the account."""
    spawner = made()
    ssh_host.write("/etc/ssh/keys", (ssh_host.files_of("ada") / ".ssh/authorized_keys").read_text())
    ssh_host.stop_sshd()
    with (ssh_host.root / "etc/ssh/sshd_config").open("a") as config:
        config.write("AuthorizedKeysFile /etc/ssh/keys\n")
    ssh_host.start_sshd()
    ssh_host.run("rm", "-r", "/home/ada")
    assert (await refused(spawner)).code == "folder_unusable"


async def test_a_port_that_another_notebook_has(ssh_host, made):
    """Also one of the same account: the second is not told to be ready, and the first goes on."""
    async with running(made(port=8888)) as port:
        first = await asked(port)
        error = await refused(made(port=8888, environment={"MULTIPLESPAWNER_RESOURCE": "another-start"}))
        assert error.code == "port_taken"
        assert "8888" in error.jupyterhub_message
        assert await asked(port) == first


@pytest.mark.parametrize("setting", ["AllowTcpForwarding", "AllowStreamLocalForwarding"])
async def test_a_host_that_lets_nothing_through(ssh_host, made, setting):
    """The message names what must be set; the notebook that was started is ended."""
    spawner = made()
    ssh_host.stop_sshd()
    with (ssh_host.root / "etc/ssh/sshd_config").open("a") as config:
        config.write(f"{setting} no\n")
    ssh_host.start_sshd()
    error = await refused(spawner)
    assert error.code == "forwarding_refused"
    assert setting in error.jupyterhub_message
    assert left_on(ssh_host, "ada") == []


async def test_a_host_that_does_not_answer(ssh_host, made):
    """Nobody listens there."""
    spawner = made()
    ssh_host.stop_sshd()
    assert (await refused(spawner)).code == "host_unreachable"


async def test_another_host_is_taken_where_one_does_not_answer(ssh_host, made):
    """Those that are set are tried one after the other."""
    for _ in range(3):
        async with running(made(remote_hosts=["127.0.0.254", ssh_host.address])):
            pass


async def test_a_host_without_python(ssh_possible, tmp_path):
    """The message says what to install."""
    with ssh_hosts(tmp_path / "hosts", python=False) as (bare,):
        key_for(bare, "ada", tmp_path)
        assert (await refused(spawner_for(bare, "ada", tmp_path))).code == "no_python"
        bare.write("/usr/bin/python3", "#!/bin/sh\necho 'Python 3.5' >&2; exit 69\n", mode=0o755)
        assert (await refused(spawner_for(bare, "ada", tmp_path))).code == "no_python"


async def test_a_start_whose_notebook_is_silent_is_called_off(ssh_host, made):
    """The hub's limit cancels the start; nothing is left by the time that it has ended."""
    spawner = made(cmd=["/usr/bin/sleep", "1000"])
    task = asyncio.create_task(spawner.start())
    await until(lambda: "sleep" in str(left_on(ssh_host, "ada")))
    task.cancel()
    await asyncio.wait({task})
    assert await spawner.poll() == 0
    assert left_on(ssh_host, "ada") == []


@pytest.mark.parametrize("moment", range(0, 300, 25))
async def test_a_start_that_is_called_off_leaves_nothing(ssh_host, made, moment):
    """Whenever that is, in milliseconds after its beginning."""
    spawner = made()
    task = asyncio.create_task(spawner.start())
    await asyncio.wait({task}, timeout=moment / 1000)
    task.cancel()
    await asyncio.wait({task})
    if await spawner.poll() is None:
        # it was asked to keep it by then: the hub would stop it
        await spawner.stop()
    await until(lambda: left_on(ssh_host, "ada") == [])


async def test_a_hub_that_dies_while_starting_leaves_nothing(ssh_host, made):
    """Its connection ends, and the host undoes what nobody asked it to keep."""
    spawner = made(cmd=["/usr/bin/sleep", "1000"])
    task = asyncio.create_task(spawner.start())
    await until(lambda: "sleep" in str(left_on(ssh_host, "ada")))
    ssh_host.drop_connections()
    with pytest.raises(NotOnHost):
        await task
    await until(lambda: left_on(ssh_host, "ada") == [])
