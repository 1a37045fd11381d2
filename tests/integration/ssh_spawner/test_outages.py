"""A host that can't be reached is not known; what comes after is as before, or the truth."""

import asyncio
from pathlib import Path
from subprocess import CalledProcessError

import pytest

from multiplespawner.adapters.outbound.ssh import on_ssh_loop
from multiplespawner.ssh_spawner import notebook
from multiplespawner.ssh_spawner.failing import NotOnHost
from ssh_notebooks import asked, gone, heard_again, left_on, running, spawner_for, until


def connection(spawner):
    """The present one; None if there is none."""
    return spawner._notebook.link.connection


def sshd_dies(host):
    """All of it, those that serve connections as well; what they started stays."""
    host.stop_sshd()
    host.run("sh", "-c", 'for pid in $(pgrep "^sshd"); do kill -9 "$pid"; done')


async def test_a_short_cut_is_survived_by_the_connection(ssh_host, made):
    """Nothing was noticed: the same connection goes on."""
    spawner = made(keepalive=15.0)
    async with running(spawner) as port:
        before = connection(spawner)
        ssh_host.cut()
        question = asyncio.create_task(asked(port))
        assert await spawner.poll() is None
        ssh_host.mend()
        assert (await question)["env"]["JUPYTERHUB_USER"] == "ada"
        assert connection(spawner) is before


async def test_questions_that_were_given_up_leave_no_sessions(ssh_host, made):
    """A host that is slow for a while answers after that, though it permits ten sessions only."""
    spawner = made(keepalive=15.0)
    async with running(spawner):
        ssh_host.cut()
        for _ in range(15):
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.02):
                    await on_ssh_loop(spawner._notebook._asked({"do": "status", **spawner._run.named()}, 8))
        ssh_host.mend()
        before = connection(spawner)
        await heard_again(spawner)
        assert connection(spawner) is before


async def test_a_long_cut_is_survived_by_the_notebook(ssh_host, made):
    """The connection is made again, and both ways lead through it, at the addresses that they had."""
    spawner = made()
    async with running(spawner) as port:
        told, before = await asked(port), connection(spawner)
        ssh_host.cut()
        await until(lambda: connection(spawner) is None)
        assert await spawner.poll() is None
        ssh_host.mend()
        await heard_again(spawner)
        assert connection(spawner) is not before
        assert (await asked(port))["pid"] == told["pid"]
        assert await hub_heard(ssh_host, told)


async def test_who_asks_while_there_is_no_connection_waits_for_it(ssh_host, made):
    """From both sides, some seconds."""
    spawner = made()
    async with running(spawner) as port:
        told = await asked(port)
        sshd_dies(ssh_host)
        await until(lambda: connection(spawner) is None)
        there = asyncio.create_task(asked(port))
        here = asyncio.create_task(hub_heard(ssh_host, told))
        ssh_host.start_sshd()
        assert (await there)["pid"] == told["pid"]
        assert await here


async def test_a_hub_that_is_down_is_waited_for(ssh_host, made, hub):
    """As one that restarts: what asks on the host is not refused at once."""
    spawner = made()
    async with running(spawner) as port:
        told = await asked(port)
        await hub.close()
        here = asyncio.create_task(hub_heard(ssh_host, told))
        done, _ = await asyncio.wait({here}, timeout=1)
        assert not done
        await hub.open()
        assert await here


async def test_a_hub_address_is_nobody_elses_while_there_is_no_connection(ssh_host, made):
    """Another account can't take the port that the notebook sends its token to."""
    spawner = made()
    async with running(spawner) as port:
        api = (await asked(port))["env"]["JUPYTERHUB_API_URL"]
        number = int(api.split(":")[2].split("/")[0])
        ssh_host.account("eve")
        sshd_dies(ssh_host)
        await until(lambda: connection(spawner) is None)
        take = f"import socket; print(socket.socket().connect_ex(('127.0.0.1', {number})))"
        assert (
            await asyncio.to_thread(ssh_host.run, "su", "eve", "-c", f'python3 -c "{take}"')
        ).strip() == "0"
        take = f"import socket; socket.create_server(('127.0.0.1', {number}))"
        with pytest.raises(CalledProcessError):
            await asyncio.to_thread(ssh_host.run, "su", "eve", "-c", f'python3 -c "{take}"')
        ssh_host.start_sshd()


async def test_the_grace_begins_when_the_connection_is_lost(ssh_host, made):
    """Not when the host was asked last, which may be long ago."""
    spawner = made(grace=600.0)
    async with running(spawner):
        spawner._notebook.link.contact -= 3600
        sshd_dies(ssh_host)
        await until(lambda: connection(spawner) is None)
        assert await spawner.poll() is None
        ssh_host.start_sshd()


async def test_a_host_that_does_not_answer_runs_for_the_grace(ssh_host, made):
    """Then the notebook is given up; where the host is back for the next start, it is ended first."""
    spawner = made(grace=3.0)
    async with running(spawner):
        await heard_again(spawner)
        sshd_dies(ssh_host)
        assert await spawner.poll() is None
        assert await gone(spawner) == 1
        assert "stand_in" in str(left_on(ssh_host, "ada"))
        spawner.clear_state()
        later = made()
        later.load_state(spawner.get_state())
        ssh_host.start_sshd()
        async with running(later):
            await until(lambda: str(left_on(ssh_host, "ada")).count("stand_in.py") == 1)
            await until(lambda: later.get_state().keys() == {"run"})


async def test_what_could_not_be_ended_is_ended_once_the_host_is_back(ssh_host, made):
    """Though nobody starts anything there any more."""
    spawner = made()
    async with running(spawner):
        sshd_dies(ssh_host)
        await until(lambda: connection(spawner) is None)
        with pytest.raises(NotOnHost):
            await spawner.stop()
        spawner.clear_state()
        assert "remaining" in spawner.get_state()
        ssh_host.start_sshd()
        await until(lambda: left_on(ssh_host, "ada") == [])
        await until(lambda: spawner.get_state() == {})


async def test_a_notebook_that_lives_is_not_given_up_for_a_host_that_does_not_answer(
    ssh_host, made, monkeypatch, caplog
):
    """Whoever uses it may not have noticed anything; it is said once."""
    monkeypatch.setattr(notebook, "ANSWER", 0.3)
    spawner = made(grace=0.5)
    async with running(spawner) as port:
        ssh_host.write("/home/ada/.bashrc", "sleep 3\n")
        for _ in range(4):
            assert await spawner.poll() is None
        assert (await asked(port))["env"]["JUPYTERHUB_USER"] == "ada"
        assert len([each for each in caplog.records if "it lives" in each.message]) == 1
        ssh_host.write("/home/ada/.bashrc", "")
        await heard_again(spawner)


async def test_sshd_that_is_down_at_a_stop_fails_it_until_it_is_up(ssh_host, made):
    """So that it is tried again; gone already is success."""
    spawner = made()
    async with running(spawner):
        sshd_dies(ssh_host)
        await until(lambda: connection(spawner) is None)
        with pytest.raises(NotOnHost) as caught:
            await spawner.stop()
        assert caught.value.code == "host_unreachable"
        assert await spawner.poll() is None
        ssh_host.start_sshd()
        await spawner.stop()
        await spawner.stop()
        assert left_on(ssh_host, "ada") == []


async def test_a_host_that_was_booted_has_no_notebook_any_more(ssh_host, made):
    """It says so once it is back; the folder is removed."""
    spawner = made()
    async with running(spawner):
        ssh_host.reboot()
        assert await gone(spawner) == 0
        assert left_on(ssh_host, "ada") == []


async def test_another_boot_is_told_by_its_id(ssh_host, made):
    """Even if a process has the notebook's number and the same age by then."""
    spawner = made()
    async with running(spawner) as port:
        state = spawner.get_state()
        state["run"]["boot"] = "another"
        later = made()
        later.load_state(state)
        assert await later.poll() == 0
        assert left_on(ssh_host, "ada") == []
        with pytest.raises(OSError, match=r"."):
            await asked(port)


async def test_an_address_is_not_told_before_the_host_was_heard_of(ssh_host, made):
    """A restarted hub asks for it, and would give up a notebook that does not answer at once."""
    first = made()
    async with running(first) as port:
        ssh_host.stop_sshd()
        await first._notebook.let_go()
        second = made()
        second.load_state(first.get_state())
        second._server = type("Row", (), {"base_url": "/user/ada/"})()
        assert await second.poll() is None
        url = asyncio.create_task(second.get_url())
        done, _ = await asyncio.wait({url}, timeout=1)
        assert not done
        ssh_host.start_sshd()
        assert await url == f"http://127.0.0.1:{port}/user/ada/"
        await second.stop(now=True)


async def test_nothing_stays_on_the_hubs_side(ssh_host, made, tmp_path):
    """Neither an open file nor a task, after notebooks that ended and starts that failed."""

    async def tasks():
        return len(asyncio.all_tasks()) - 1

    def files():
        return len(list(Path("/proc/self/fd").iterdir()))

    async with running(made()):
        pass
    before = files(), await on_ssh_loop(tasks()), await tasks()
    for _ in range(3):
        async with running(made()) as port:
            await asked(port)
        with pytest.raises(NotOnHost):
            await made(cmd=["/usr/bin/false"]).start()
        with pytest.raises(NotOnHost):
            await spawner_for(ssh_host, "bob", tmp_path).start()
    await until(lambda: files() <= before[0])
    async with asyncio.timeout(30):
        while (await on_ssh_loop(tasks()), await tasks()) != before[1:]:
            await asyncio.sleep(0.05)


async def hub_heard(host, told) -> bool:
    """Whether what runs on the host reaches the hub at the address that the notebook has."""
    address = told["env"]["JUPYTERHUB_API_URL"]
    get = f"import urllib.request as r; print(r.urlopen({address!r}, timeout=20).read().decode())"
    return (await asyncio.to_thread(host.run, "python3", "-c", get)).startswith("hub: ")
