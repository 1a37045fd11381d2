"""How the child is polled and stopped."""

import asyncio
from contextlib import suppress
from typing import Any

import pytest

from hub_in_memory import AnyInner
from inner_children import Gated, around, silent
from multiplespawner.application.ports.inner_spawner import Liveness, SpawnFailed


async def test_stopping_gives_up_the_start() -> None:
    """Stopped while it starts, the start ends with an error and the child is stopped, too."""
    inner = around(Gated)
    start = asyncio.create_task(inner.start(silent))
    await inner.child.begun.wait()
    assert await inner.stop(now=True) == 143
    assert inner.child.given_up
    assert ("stop", True) in inner.child.asked
    with pytest.raises(SpawnFailed) as error:
        await start
    assert error.value.code == "inner_given_up"


@pytest.mark.parametrize("error", [RuntimeError("secret"), asyncio.CancelledError(), SystemError()])
async def test_a_poll_that_fails_is_not_known(error: BaseException) -> None:
    """Whatever a poll raises, the liveness is unknown and the text is not told."""

    class Unreachable(AnyInner):
        async def poll(self) -> Any:
            raise error

    found = await around(Unreachable).poll()
    assert found.liveness is Liveness.UNKNOWN
    assert "secret" not in found.detail


async def test_a_poll_that_hangs_is_not_known() -> None:
    """A poll is bounded in time, even one that won't be cancelled."""

    class Hangs(AnyInner):
        async def poll(self) -> Any:
            while not gate.is_set():
                with suppress(asyncio.CancelledError):
                    await gate.wait()

    gate = asyncio.Event()
    async with asyncio.timeout(5):
        found = await around(Hangs).poll()
    gate.set()
    assert found.liveness is Liveness.UNKNOWN


@pytest.mark.parametrize("with_now", [True, False])
async def test_stop_is_called_as_it_can_be(with_now: bool) -> None:
    """Some spawners' `stop` has no `now`."""

    class WithoutNow(Gated):
        async def stop(self) -> None:  # type: ignore[override]
            await super().stop(now=False)

    inner = around(Gated if with_now else WithoutNow)
    assert await inner.stop(now=True) == 143
    assert ("stop", with_now) in inner.child.asked


async def test_what_is_gone_is_not_stopped() -> None:
    """As in the hub, `stop` is for what runs."""
    inner = around(Gated)
    inner.child.answer = 7
    assert await inner.stop(now=False) == 7
    assert inner.child.asked == ["poll"]


class StopFails(Gated):
    """Can't be stopped, or only as far as the test says."""

    left: Any = None
    hangs = False

    async def stop(self, now: bool = False) -> None:
        self.answer = self.left
        if self.hangs:
            await asyncio.Event().wait()
        raise RuntimeError("secret")


@pytest.mark.parametrize("hangs", [True, False])
async def test_a_stop_that_fails_is_an_error(hangs: bool) -> None:
    """The notebook stays, and a retry may help."""
    inner = around(StopFails)
    inner.child.hangs = hangs
    with pytest.raises(SpawnFailed) as error:
        await inner.stop(now=False)
    assert error.value.code == "inner_stop_failed"
    assert "secret" not in error.value.message
    assert error.value.__cause__ is not None


async def test_a_stop_that_fails_but_leaves_nothing_is_a_success() -> None:
    """Gone is gone, however it came about."""
    inner = around(StopFails)
    inner.child.left = 1
    assert await inner.stop(now=False) == 1


async def test_a_notebook_that_stays_is_an_error() -> None:
    """`stop` returned, but what it should stop runs on."""
    with pytest.raises(SpawnFailed) as error:
        await around(AnyInner).stop(now=False)
    assert error.value.code == "inner_still_running"
