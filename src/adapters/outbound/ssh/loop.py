"""An event loop only for SSH: what goes through tunnels must not make the hub wait."""

import asyncio
import os
import threading
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from attrs import define, field

T = TypeVar("T")

THREADS = 64
"""For what blocks beside the loop: while no server of names answers each look-up takes half a minute, and the
few threads that asyncio has itself would leave none for hosts that can be reached."""


async def on_ssh_loop(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run it on this process's one loop for SSH, in a daemon thread begun at first use.

    All objects of asyncssh live there: they are made, used and closed by what is run here. Cancelling the
    call cancels it there, and does not wait for it to have ended.
    """
    loop = _ssh_loops.of(os.getpid())
    if asyncio.get_running_loop() is loop:
        return await coroutine
    return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(coroutine, loop))


@define
class _SshLoops:
    """A process that was forked has a loop without the thread that ran it: it gets another."""

    _lock: threading.Lock = field(factory=threading.Lock, init=False)
    _loops: dict[int, asyncio.AbstractEventLoop] = field(factory=dict, init=False)

    def of(self, process: int) -> asyncio.AbstractEventLoop:
        with self._lock:
            if process not in self._loops:
                loop = self._loops[process] = asyncio.new_event_loop()
                loop.set_default_executor(ThreadPoolExecutor(THREADS, "ssh"))
                threading.Thread(target=loop.run_forever, name="ssh", daemon=True).start()
            return self._loops[process]


_ssh_loops = _SshLoops()
