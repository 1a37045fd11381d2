"""The machine that the hub runs on: its processes, found by the mark in their environment."""

import asyncio
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ClassVar, TypeVar

from attrs import field, frozen
from attrs.validators import ge, gt, optional

from ....application.ports.provider import (
    Instance,
    InstanceState,
    InvalidSpec,
    NotFound,
    ResourceSpec,
    Unavailable,
)
from ....domain.values import Amount, Part
from .ending import Ending
from .marked_processes import NotPermitted, Tree, look
from .shared_look import SharedLook

Result = TypeVar("Result")

_LOOK_AGAIN = 0.02
_LOOK_AGAIN_AT_LEAST = 0.25
"""Seconds between looks at processes that are to end: first what nobody notices, then what costs little."""


@frozen
class LocalSettings:
    """What an administrator may set of the local provider."""

    maximum_sessions: int | None = field(default=None, validator=optional(ge(1)))
    """Sessions that may run here at once; None for no limit."""
    terminate_timeout: float = field(default=10.0, validator=ge(0))
    """Seconds that processes have to end by themselves before they are killed."""
    kill_timeout: float = field(default=5.0, validator=gt(0))
    """Seconds that the kernel has to end killed processes before it counts as a failure, retried later."""
    look_timeout: float = field(default=10.0, validator=gt(0))
    """Seconds for one look at all processes (five hundred without a mark take about 0.005)."""


class LocalProvider:
    """Sees and ends what inner spawners started on this machine.

    One instance is one marked process whose parent doesn't carry the same mark; its parts are the marked
    processes below it, such as kernels and terminals. An ordinary user sees only processes of their own,
    root sees all. A process that took the mark out of its environment is not seen.
    """

    api: ClassVar[int] = 1
    allocates: ClassVar[bool] = False
    settings_class: ClassVar[type] = LocalSettings
    types: ClassVar[tuple[str, ...]] = ("bare_metal",)

    def __init__(self, settings: LocalSettings | None = None) -> None:
        self._settings = settings or LocalSettings()
        # threads of its own: reading a stuck process can hang, and the hub's other threads must not
        self._threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="local-provider")
        self._look = SharedLook(lambda: self._in_thread(look))

    async def ensure(self, token: str, spec: ResourceSpec) -> Instance:
        """Never called: the inner spawner starts the process. Raises InvalidSpec."""
        raise InvalidSpec("on this machine the inner spawner starts the process; nothing is rented first")

    async def get(self, id: str) -> Instance:  # noqa: A002
        """One process and its parts. Raises NotFound, Unavailable."""
        sight = await self._look()
        tree = await self._in_thread(lambda: sight.of(id))
        if tree is None:
            raise NotFound(f"no marked process {id}")
        return _instance(tree)

    async def find(self, token: str) -> tuple[Instance, ...]:
        """All processes with this mark whose parent doesn't have it, oldest first. Raises Unavailable."""
        return tuple(_instance(t) for t in (await self._look()).trees if t.root.token == token)

    async def list_owned(self, owner: str) -> tuple[Instance, ...]:
        """The same for all marks of an owner. Raises Unavailable."""
        seen = (await self._look()).trees
        return tuple(_instance(tree) for tree in seen if tree.root.token.startswith(f"{owner}-"))

    async def destroy(self, id: str) -> None:  # noqa: A002
        """End a process and its parts, if need be by force; return when they are gone. Raises Unavailable."""
        sight = await self._look()
        tree = await self._in_thread(lambda: sight.of(id))
        if tree is None:
            return
        ending = Ending(tree, sight)
        if await self._ended(ending, signal.SIGTERM, self._settings.terminate_timeout):
            return
        if not await self._ended(ending, signal.SIGKILL, self._settings.kill_timeout):
            raise Unavailable(f"process {id} was killed and has not ended yet")

    def limits(self) -> tuple[Amount, ...]:
        """How many sessions may run here together."""
        maximum = self._settings.maximum_sessions
        return () if maximum is None else (Amount("sessions", maximum),)

    async def _ended(self, ending: Ending, number: int, seconds: float) -> bool:
        loop = asyncio.get_running_loop()
        limit = loop.time() + seconds
        while await self._signalled(ending, number):
            pause = _LOOK_AGAIN
            while await self._in_thread(ending.runs) and loop.time() < limit:
                await asyncio.sleep(pause)
                pause = min(pause * 1.5, _LOOK_AGAIN_AT_LEAST)
            if loop.time() >= limit:
                return False
        return True

    async def _signalled(self, ending: Ending, number: int) -> bool:
        sight = await self._look()
        return await self._in_thread(lambda: ending.signal(number, sight))

    async def _in_thread(self, work: Callable[[], Result]) -> Result:
        loop = asyncio.get_running_loop()
        seconds = self._settings.look_timeout
        try:
            return await asyncio.wait_for(loop.run_in_executor(self._threads, work), seconds)
        except TimeoutError as error:
            raise Unavailable(f"this machine's processes gave no answer within {seconds:g} s") from error
        except NotPermitted as error:
            raise Unavailable(str(error)) from error


def _instance(tree: Tree) -> Instance:
    return Instance(
        id=tree.root.id,
        token=tree.root.token,
        state=InstanceState.RUNNING,
        parts=tuple(Part("process", marked.id) for marked in tree.below),
        detail=f"process {tree.root.pid}",
    )
