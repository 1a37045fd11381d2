"""Two people on one host: neither learns the other's token, nor gets what only its owner should get."""

import asyncio
import subprocess

import pytest

from ssh_notebooks import asked, key_for, running, spawner_for


@pytest.fixture
async def notebook(ssh_host, made):
    """What ada's notebook tells; eve has an account on the same host."""
    ssh_host.account("eve")
    async with running(made()) as port:
        yield await asked(port)


async def as_eve(host, *command: str) -> str:
    """What a command of eve's writes; raises CalledProcessError where it may not."""
    script = 'exec su eve -s /bin/sh -c \'exec "$0" "$@"\' -- "$@"'
    return await asyncio.to_thread(host.run, "sh", "-c", script, "-", *command)


@pytest.mark.parametrize("what", [[], ["notebook.log"], ["run.json"]])
async def test_a_folder_is_its_owners(ssh_host, notebook, what):
    """Neither listed nor read."""
    path = "/".join([notebook["env"]["JUPYTERHUB_SSH_RUN"], *what])
    with pytest.raises(subprocess.CalledProcessError):
        await as_eve(ssh_host, "ls", path)
    with pytest.raises(subprocess.CalledProcessError):
        await as_eve(ssh_host, "cat", path)


async def test_nothing_that_others_can_see_has_a_secret(ssh_host, notebook):
    """Command lines are the same for all; environments can't be read."""
    token = notebook["env"]["JUPYTERHUB_API_TOKEN"]
    seen = await as_eve(
        ssh_host, "sh", "-c", "cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null; true"
    )
    assert "stand_in" in seen
    assert token not in seen
    found = await as_eve(ssh_host, "sh", "-c", f"grep -rl {token} /tmp /home /var/tmp /run 2>/dev/null; true")
    assert found == ""
    files = ssh_host.run("sh", "-c", f"grep -rl {token} /tmp /home /var/tmp /run /var/log 2>/dev/null; true")
    assert files == ""


async def test_the_way_to_the_hub_is_its_owners(ssh_host, notebook):
    """The socket of the connection can't be entered by others."""
    folder = notebook["env"]["JUPYTERHUB_SSH_RUN"]
    (path,) = ssh_host.run("sh", "-c", f"ls {folder}/*.hub").split()
    enter = f"import socket; socket.socket(socket.AF_UNIX).connect({path!r})"
    with pytest.raises(subprocess.CalledProcessError):
        await as_eve(ssh_host, "python3", "-c", enter)


async def test_both_have_notebooks_of_their_own(ssh_host, made, tmp_path, notebook):
    """At the same time, under their own accounts."""
    key_for(ssh_host, "bob", tmp_path)
    async with running(spawner_for(ssh_host, "bob", tmp_path)) as port:
        of_bob = await asked(port)
        assert of_bob["env"]["HOME"] == "/home/bob"
        assert of_bob["env"]["JUPYTERHUB_SERVICE_URL"] != notebook["env"]["JUPYTERHUB_SERVICE_URL"]
