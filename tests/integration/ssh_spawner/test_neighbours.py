"""Two people on one host: neither learns the other's token, nor gets what only its owner should get."""

import asyncio
import contextlib
import subprocess

import pytest

from ssh_notebooks import asked, fetched, key_for, running, spawner_for, until


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


TAKE = """
import socket, sys
taken = socket.socket()
taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
while True:
    try:
        taken.bind(("127.0.0.1", int(sys.argv[1])))
        break
    except OSError:
        pass
taken.listen()
print("taken", flush=True)
while True:
    there, _ = taken.accept()
    there.sendall(b"HTTP/1.0 200 OK\\r\\n\\r\\nnot the notebook")
    print("heard", there.recv(1000), flush=True)
"""
"""Has the port as soon as nobody else has it, and answers whoever comes."""


async def test_a_port_that_is_anothers_by_now_is_told_nothing(ssh_host, made):
    """Neither by who is connected when the notebook ends, nor by who comes before the hub polls."""
    ssh_host.account("eve")
    ssh_host.write("/usr/local/lib/take.py", TAKE)
    spawner = made()
    async with running(spawner) as port:
        told = await asked(port)
        number = told["env"]["JUPYTERHUB_SERVICE_URL"].split(":")[2].split("/")[0]
        script = f"exec python3 /usr/local/lib/take.py {number} >/tmp/of_eve 2>&1 &"
        await as_eve(ssh_host, "sh", "-c", script)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET / HTTP/1.0\r\n")
        link = spawner._notebook.link
        await until(lambda: any(near._far for near in link._tunnel._near))
        await asyncio.to_thread(ssh_host.run, "kill", "-9", str(told["pid"]))
        of_eve = ssh_host.root / "tmp/of_eve"
        await until(lambda: of_eve.exists() and of_eve.read_text() == "taken\n")
        await until(lambda: not link.lives)
        with contextlib.suppress(ConnectionResetError):
            assert await reader.read() == b""
        writer.close()
        async with asyncio.timeout(5):
            for _ in range(3):
                with pytest.raises(OSError, match=r"no answer|reset"):
                    await fetched(port, "/secret")
        assert of_eve.read_text() == "taken\n"
