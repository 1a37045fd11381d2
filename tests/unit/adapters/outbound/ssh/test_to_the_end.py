"""Whoever is cancelled doesn't leave work behind that still writes."""

import asyncio
import threading

import pytest

from multiplespawner.adapters.outbound.ssh.to_the_end import certainly, to_the_end


@pytest.mark.parametrize("times", [1, 3])
async def test_a_cancelled_work_has_ended_before_its_caller(times):
    """What it does last is done by then, however often somebody has lost patience."""
    begun, may_end, done = threading.Event(), threading.Event(), []

    def work():
        begun.set()
        may_end.wait(10)
        done.append("written")

    working = asyncio.create_task(to_the_end(work))
    await asyncio.to_thread(begun.wait, 10)
    for _ in range(times):
        working.cancel()
        await asyncio.sleep(0.01)
    assert not working.done()
    may_end.set()
    with pytest.raises(asyncio.CancelledError):
        await working
    assert done == ["written"]


async def test_its_error_arrives():
    """As it was raised."""
    with pytest.raises(ZeroDivisionError):
        await to_the_end(divmod, 1, 0)


async def test_what_is_done_certainly_is_done():
    """However often it is cancelled meanwhile."""
    done, may_end = [], asyncio.Event()

    async def work() -> None:
        await may_end.wait()
        done.append(True)

    doing = asyncio.ensure_future(certainly(work()))
    for _ in range(3):
        await asyncio.sleep(0)
        doing.cancel()
    may_end.set()
    with pytest.raises(asyncio.CancelledError):
        await doing
    assert done
