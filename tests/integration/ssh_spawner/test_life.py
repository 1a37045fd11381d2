"""A notebook on a real host: started, asked after, found again and ended."""

import asyncio
import json
import socket

import pytest

from multiplespawner.ssh_spawner.entering import own_access
from ssh_notebooks import COMMAND, asked, fetched, gone, heard_again, left_on, running, until


async def test_both_directions_go_through_one_connection(ssh_host, made):
    """The hub's machine reaches the notebook, and the host the hub, though only port 22 is open."""
    spawner = made()
    async with running(spawner) as port:
        told = await asked(port)
        api = told["env"]["JUPYTERHUB_API_URL"]
        get = f"import urllib.request as r; print(r.urlopen({api!r}, timeout=20).read().decode())"
        heard = await asyncio.to_thread(ssh_host.run, "python3", "-c", get)
        assert heard.startswith("hub: GET /hub/api")
        assert told["env"]["JUPYTERHUB_ACTIVITY_URL"].startswith(api)
        connections = ssh_host.named("sshd")
        assert len(connections) <= 4  # the listener, two for the connection, perhaps one that is ending


async def test_the_notebook_listens_on_loopback_only(ssh_host, made):
    """Whatever `ip` says."""
    async with running(made(ip="0.0.0.0")) as port:
        told = await asked(port)
        assert told["env"]["JUPYTERHUB_SERVICE_URL"].startswith("http://127.0.0.1:")


async def test_nothing_is_left_after_an_end(ssh_host, made):
    """Neither a process nor a file, though the notebook began others that left its session."""
    spawner = made()
    async with running(spawner) as port:
        folder = (await asked(port))["env"]["JUPYTERHUB_SSH_RUN"]
        mark = spawner.get_state()["run"]["token"]
        ssh_host.run("su", "ada", "-c", f"MULTIPLESPAWNER_RESOURCE={mark} setsid sleep 600 >/dev/null 2>&1 &")
        assert await spawner.poll() is None
        assert (ssh_host.root / folder[1:]).stat().st_mode & 0o777 == 0o700
        await spawner.stop()
        assert await spawner.poll() == 143  # SIGTERM
        assert left_on(ssh_host, "ada") == []


@pytest.mark.parametrize("ignores", [True, False])
async def test_who_ignores_the_end_is_ended_by_force(ssh_host, made, ignores):
    """After the patience, or at once."""
    program = (
        "import signal, runpy; "
        f"{ignores} and signal.signal(signal.SIGTERM, signal.SIG_IGN); "
        f"runpy.run_path({COMMAND[-1]!r}, run_name='__main__')"
    )
    spawner = made(cmd=["/usr/bin/python3", "-c", program], stop_patience=1.0)
    async with running(spawner):
        await spawner.stop()
        assert await spawner.poll() in ((0, 137) if ignores else (143,))
        assert left_on(ssh_host, "ada") == []


async def test_an_exit_status_is_told_and_nothing_is_left(ssh_host, made):
    """A notebook that ends by itself is gone, with the status that it gave."""
    spawner = made()
    async with running(spawner) as port:
        with pytest.raises(OSError, match="no answer"):
            await fetched(port, "/end/7")
        assert await gone(spawner) == 7
        assert await spawner.poll() == 7
        assert left_on(ssh_host, "ada") == []


async def test_values_arrive_as_they_are(made):
    """Quotes, line breaks, dollars, other scripts: the same there as here, as variables and as arguments."""
    odd = [
        "",
        "'; id",
        '"$HOME`id`"',
        "a\nb\tc\\n",
        "{{lookup('pipe','id')}}",
        "größe 漢字 \U0001f40d",
        "-c",
        "%s",
    ]
    spawner = made(args=odd, environment={f"ODD_{number}": each for number, each in enumerate(odd)})
    async with running(spawner) as port:
        told = await asked(port)
        assert told["argv"][1:] == odd
        assert [told["env"][f"ODD_{number}"] for number in range(len(odd))] == odd


async def test_the_notebook_has_the_hubs_addresses_and_the_hosts_paths(made):
    """Its PATH is that of the host; what names the SSH session is not there."""
    spawner = made(
        path="~/bin:/usr/bin", environment={"JUPYTERHUB_API_URL": "https://elsewhere.example/hub/api"}
    )
    async with running(spawner) as port:
        environment = (await asked(port))["env"]
        assert environment["PATH"] == "/home/ada/bin:/usr/bin"
        assert environment["JUPYTERHUB_API_URL"] == "https://elsewhere.example/hub/api"
        assert [name for name in environment if name.startswith(("SSH_", "XDG_"))] == []


async def test_a_restarted_hub_finds_it_at_the_same_port(made):
    """The state alone is enough, and the notebook goes on."""
    first = made()
    async with running(first) as port:
        told, state = await asked(port), json.loads(json.dumps(first.get_state()))
        await first._notebook.let_go()
        second = made()
        second.load_state(state)
        assert await second.poll() is None
        assert (await asked(port))["pid"] == told["pid"]
        await second.stop(now=True)


async def test_where_the_port_is_taken_the_url_tells_another(made):
    """Somebody has the port by the time that the hub is back."""
    first = made()
    async with running(first) as port:
        told, state = await asked(port), first.get_state()
        await first._notebook.let_go()
        with socket.create_server(("127.0.0.1", port)):
            second = made()
            second.load_state(state)
            second._server = type("Row", (), {"base_url": "/"})()
            url = await second.get_url()
            other = int(url.removeprefix("http://127.0.0.1:").rstrip("/"))
            assert other != port
            assert (await asked(other))["pid"] == told["pid"]
            assert second.get_state()["run"]["local_port"] == other
            await second.stop(now=True)


async def test_what_happens_is_told(made):
    """From the connection to the notebook that can be reached, with rising percentages."""
    spawner = made()
    starting = asyncio.create_task(spawner.start())
    # asked before the start has run at all
    events = [event async for event in spawner.progress()]
    await starting
    await spawner.stop(now=True)
    percentages = [event["progress"] for event in events]
    assert percentages == sorted(percentages)
    assert len(events) >= 5


async def test_a_spawner_that_nobody_has_lets_go(ssh_host, made):
    """JupyterHub drops its objects without a word; the notebook goes on, the connection ends."""
    spawner = made()
    async with running(spawner) as port:
        state, link = spawner.get_state(), spawner._notebook.link
        another = made()
        another.load_state(state)
        spawner._notebook.belongs_to(token := type("Owner", (), {})())
        del token
        await until(lambda: link.connection is None)
        with pytest.raises(OSError, match=r"."):
            await asked(port)
        assert await another.poll() is None
        await another.stop(now=True)


async def test_an_access_that_is_given_is_taken_before_each_connection(ssh_host, made, tmp_path):
    """Whoever renews certificates is asked each time; traits that say another host are not used."""
    spawner, asked_for = made(), []
    own = own_access(spawner, ssh_host.address, "ada", 22)
    given = made(remote_hosts=["192.0.2.1"])

    async def access():
        asked_for.append(1)
        return await own()

    given.take_access(access)
    async with running(given):
        ssh_host.drop_connections()
        await until(lambda: len(asked_for) >= 2)
        await heard_again(given)


async def test_what_an_accounts_shell_writes_does_no_harm(ssh_host, made):
    """Whatever stands in its files, with or without line breaks."""
    spawner = made()
    noise = "printf 'Welcome, no line break'; echo oops >&2; exec 2>/dev/null\n"
    for name in (".bashrc", ".profile"):
        ssh_host.write(f"/home/ada/{name}", noise)
    async with running(spawner) as port:
        assert (await asked(port))["env"]["JUPYTERHUB_USER"] == "ada"
        assert await spawner.poll() is None


async def test_what_an_accounts_shell_writes_stops_nobody_however_much_it_is(ssh_host, made):
    """As a shell that traces what it does; more than asyncssh keeps of what nobody reads."""
    spawner = made()
    noise = "head -c 3000000 /dev/zero | tr '\\0' x >&2; yes | head -c 3000000; head -c 300000 /dev/zero\n"
    ssh_host.write("/home/ada/.bashrc", noise)
    async with asyncio.timeout(60), running(spawner) as port:
        assert (await asked(port))["env"]["JUPYTERHUB_USER"] == "ada"
        await heard_again(spawner)
