"""Points within calls of ports: at what is done on hosts, of which one call may do several things."""

from contextlib import aclosing

from multiplespawner.adapters.outbound.providers.hosts import asking
from multiplespawner.adapters.outbound.ssh import connecting
from multiplespawner.ssh_spawner.talking import Talk
from multiplespawner.testing.kill_points import KillPoints


def watch_hosts(points: KillPoints) -> None:
    """Have a point after each login and each answer, and at each line of a host that starts a notebook."""
    connect, answer, lines = connecting.connect_with, asking._answer, Talk.lines

    async def connected(*args, **kwargs):
        connection = await connect(*args, **kwargs)
        points.reach("after host.login")
        return connection

    async def answered(connection, question, *args):
        said = await answer(connection, question, *args)
        points.reach(f"after host.{question.op}")
        return said

    async def told(self):
        async with aclosing(lines(self)) as lines_:
            async for line in lines_:
                points.reach(f"at host.{line['event']}")
                yield line

    connecting.connect_with, asking._answer, Talk.lines = connected, answered, told
