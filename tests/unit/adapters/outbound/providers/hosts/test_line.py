"""Who asks over a connection that somebody else has hung up on asks over a new one."""

import asyncio
from contextlib import asynccontextmanager

from multiplespawner.adapters.outbound.providers.hosts import line
from multiplespawner.adapters.outbound.providers.hosts.asking import HostSilent, Question
from silent_sshd import LetsIn, silent_sshd


async def test_a_question_outlives_the_end_of_anothers_patience(monkeypatch):
    """An end of the connection is no answer of the host."""
    heard, logins = asyncio.Event(), []

    async def answer(process):
        if "op='marked'" in await process.stdin.read():
            await asyncio.Event().wait()
        heard.set()
        if len(logins) == 1:
            await asyncio.Event().wait()
        process.stdout.write("multiplespawner lease 0-1\nmultiplespawner done\n")
        process.exit(0)

    async def here(work):
        return await work

    @asynccontextmanager
    async def enter():
        yield None

    async with silent_sshd(server_factory=LetsIn, process_factory=answer) as connect:

        async def connected(access, seconds):
            logins.append(await connect())
            return logins[-1]

        monkeypatch.setattr(line, "connect", connected)
        monkeypatch.setattr(line, "on_ssh_loop", here)
        one = line.Line(30)
        silent = Question("marked", "gpu1", seconds=2)
        impatient = asyncio.create_task(one.ask([silent], enter))
        while one._kept is None:
            await asyncio.sleep(0.01)
        patient = asyncio.create_task(one.ask([Question("lease", "gpu1", "0-1", seconds=30)], enter))
        await asyncio.wait_for(heard.wait(), 30)
        assert isinstance((await asyncio.gather(impatient, return_exceptions=True))[0], HostSilent)
        assert await patient == ((("lease", "0-1"),),)
        assert len(logins) == 2
        for connection in logins:
            connection.abort()
