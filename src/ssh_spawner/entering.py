"""Enters a host for a new notebook: through whoever gives a way in, or with the hub's own key."""

import asyncio
import random
from collections.abc import Sequence
from pathlib import Path

from jupyterhub.spawner import Spawner

from ..adapters.outbound.ssh import on_ssh_loop
from .asking_for import checked_path, hub_of
from .connections import TakeAccess
from .failing import failure
from .link import Link
from .own_access import OwnAccess, account


def link_of(spawner: Spawner, take_access: TakeAccess) -> Link:
    """A link that is not connected yet."""
    return Link(take_access, spawner.log, spawner.pace, hub=hub_of(spawner))


def own_access(spawner: Spawner, host: str, user: str, port: int) -> OwnAccess:
    """The hub's own way into an account."""
    key_file = Path(spawner.ssh_keyfile.replace("{username}", spawner.user.name)).expanduser()
    known_hosts = Path(spawner.ssh_known_hosts).expanduser()
    return OwnAccess(host, port, user, key_file, known_hosts)


def own_port(spawner: Spawner) -> int:
    """Port of sshd. Raises NotOnHost."""
    text = str(spawner.remote_port).strip()
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise failure("setting_unusable", why=f"SSHSpawner.remote_port is {text!r}")
    return int(text)


async def enter(spawner: Spawner, ways: Sequence[TakeAccess]) -> Link:
    """A link that is connected, through the first of the ways whose host can be reached. Raises NotOnHost."""
    checked_path("SSHSpawner.path", spawner.path)
    checked_path("SSHSpawner.resource_path", spawner.resource_path)
    for number, way in enumerate(ways, 1):
        link = link_of(spawner, way)
        try:
            await on_ssh_loop(link.during(link.open()))
        except BaseException as error:
            # who is cancelled again doesn't leave a connection behind
            await asyncio.shield(asyncio.ensure_future(on_ssh_loop(link.close())))
            if getattr(error, "code", "") != "host_unreachable" or number == len(ways):
                raise
            spawner.log.warning("%s", error)
            continue
        return link
    raise failure("host_missing")


async def own_ways(spawner: Spawner) -> list[TakeAccess]:
    """Ways into the chosen host, then into the others. Raises NotOnHost."""
    chosen = await spawner.choose_remote_host()
    others = [host for host in spawner.remote_hosts if host != chosen]
    # both become part of what only an administrator should choose: an account, and the path of a key
    name = account(spawner.user.name, root=True)
    user, port = account(spawner.get_remote_user(name), root=spawner.allow_root), own_port(spawner)
    hosts = [chosen, *random.sample(others, len(others))]
    return [own_access(spawner, host, user, port) for host in hosts]
