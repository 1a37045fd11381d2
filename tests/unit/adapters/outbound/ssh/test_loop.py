"""The loop for SSH runs what it is given, tells how that ended, and ends it when asked to."""

import asyncio
import concurrent.futures
import multiprocessing
import threading
from collections.abc import Callable

import pytest

from multiplespawner.adapters.outbound.ssh import on_ssh_loop


async def where() -> tuple[asyncio.AbstractEventLoop, threading.Thread]:
    return asyncio.get_running_loop(), threading.current_thread()


async def test_all_runs_on_one_other_loop():
    """However often it is used, and in a thread that doesn't keep the process alive."""
    (loop, thread), again = await on_ssh_loop(where()), await on_ssh_loop(where())
    assert (loop, thread) == again
    assert loop is not asyncio.get_running_loop()
    assert thread.daemon


async def test_what_runs_there_may_ask_for_it():
    """It is then simply run, and waits for nobody."""

    async def within() -> tuple[asyncio.AbstractEventLoop, threading.Thread]:
        return await on_ssh_loop(where())

    assert await on_ssh_loop(within()) == await on_ssh_loop(where())


async def test_an_error_arrives():
    """As it was raised."""

    async def fail() -> None:
        raise LookupError("lost")

    with pytest.raises(LookupError, match="lost"):
        await on_ssh_loop(fail())


async def test_cancelling_cancels_it_there():
    """What it held is let go."""
    begun: concurrent.futures.Future[None] = concurrent.futures.Future()
    ended: concurrent.futures.Future[None] = concurrent.futures.Future()

    async def wait() -> None:
        begun.set_result(None)
        try:
            await asyncio.Event().wait()
        finally:
            ended.set_result(None)

    waiting = asyncio.create_task(on_ssh_loop(wait()))
    await asyncio.wait_for(asyncio.wrap_future(begun), 5)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await asyncio.wait_for(asyncio.wrap_future(ended), 5)


def _in_child(answer) -> None:
    answer.put(asyncio.run(asyncio.wait_for(on_ssh_loop(asyncio.sleep(0, "ran")), 5)))


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
async def test_a_forked_process_has_its_own():
    """The thread that ran the parent's loop is not in the child."""
    await on_ssh_loop(where())
    context = multiprocessing.get_context("fork")
    answer = context.SimpleQueue()
    child = context.Process(target=_in_child, args=(answer,))
    child.start()
    assert await asyncio.wait_for(asyncio.to_thread(answer.get), 10) == "ran"
    await asyncio.to_thread(child.join, 10)


async def test_what_blocks_there_leaves_room_for_others():
    """As looking up names does while no server of names answers."""
    everybody = threading.Barrier(40)
    await on_ssh_loop(_in_threads(40, lambda: everybody.wait(20)))


async def _in_threads(count: int, work: Callable[[], object]) -> None:
    await asyncio.gather(*(asyncio.to_thread(work) for _ in range(count)))
