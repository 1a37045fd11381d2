"""Real hosts that are leased: what tests ask of them and start there."""

import asyncio
from collections.abc import Callable

import psutil

from multiplespawner.adapters.outbound.providers.hosts.pool import HostsProvider
from multiplespawner.application.ports.provider import MARK, ResourceSpec
from multiplespawner.domain.values import Hardware
from ssh_hosts import SshHost

SPEC = ResourceSpec("bare_metal", Hardware(cpu=1))
STUBBORN = "trap '' TERM; while :; do sleep 1; done"
START = """
exec </dev/null >/dev/null 2>&1
account=$1; shift
cd /; setsid setpriv --reuid "$account" --regid "$account" --clear-groups "$@" &
"""

Pool = Callable[..., HostsProvider]


def start(host: SshHost, account: str, *command: str, **variables: str) -> None:
    """Start something on a host that goes on by itself."""
    set_ = [f"{name}={value}" for name, value in variables.items()]
    host.run("sh", "-c", START, "-", account, "env", *set_, *command)


def running(host: SshHost, *marks: str) -> int:
    """How many processes of a host have one of these marks."""
    count = 0
    for process in host.processes():
        try:
            count += process.environ().get(MARK) in marks and process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            continue
    return count


async def until(condition: Callable[[], bool]) -> None:
    """Wait, at most ten seconds."""
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.02)
