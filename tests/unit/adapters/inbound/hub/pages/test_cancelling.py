"""A start is called off whatever else goes wrong, and however long it takes to notice."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from multiplespawner.adapters.inbound.hub.pages import cancelling
from multiplespawner.adapters.inbound.hub.pages.cancelling import cancel
from multiplespawner.adapters.inbound.hub.pointing import Pointing
from multiplespawner.application.ports.event_log import LogDamaged


class State:
    """What the hub's spawner does about its state."""

    def clear_state(self) -> None:
        """Nothing."""


class Starting(Pointing, State):
    """A spawner whose start goes on until it is cancelled, as the hub sees it."""

    name = ""
    last_session = "0" * 32
    server: Any = object()

    def __init__(self, deaf: int = 0) -> None:
        super().__init__()
        self._deaf = deaf
        self._spawn_future = asyncio.create_task(self._start())
        self.stopped = False

    @property
    def pending(self) -> bool:
        """Whether it starts."""
        return not self._spawn_future.done()

    async def _start(self) -> None:
        while True:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                if self._deaf <= 0:
                    raise
                self._deaf -= 1


@pytest.fixture
def stopping(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Have the log asked in this way to take down why a session ends."""

    def given(request: Any) -> None:
        async def house_of(_: Any) -> Any:
            return SimpleNamespace(stop=SimpleNamespace(request=request))

        monkeypatch.setattr(cancelling, "house_of", house_of)

    return given


async def call_off(spawner: Any) -> None:
    """Call the start off as its page does, and wait until that is over."""
    user = SimpleNamespace(name="ann", spawners={"": spawner})

    async def stop_single_user(*_: Any) -> None:
        spawner.stopped = True

    log = SimpleNamespace(error=lambda *_: None, warning=lambda *_: None)
    handler = SimpleNamespace(current_user=user, stop_single_user=stop_single_user, log=log)
    async with asyncio.timeout(5):
        await cancel(handler, user, spawner)
        await asyncio.wait({spawner.cancelling})


async def test_a_log_that_can_not_be_told_keeps_nothing_from_being_called_off(stopping: Any) -> None:
    """It is only about who is said to have done it."""

    async def damaged(*_: Any) -> None:
        raise LogDamaged("here")

    stopping(damaged)
    spawner = Starting()
    await asyncio.sleep(0)
    await call_off(spawner)
    assert (spawner.pending, spawner.stopped) == (False, True)


async def test_a_start_that_is_slow_to_notice_is_called_off_all_the_same(
    stopping: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hook may hold on to it, once or twice: else it would count as ready, or go on."""

    async def told(*_: Any) -> None:
        """It is durable."""

    stopping(told)
    monkeypatch.setattr(cancelling, "_AGAIN_AFTER", 0.01)
    spawner = Starting(deaf=2)
    await asyncio.sleep(0)
    await call_off(spawner)
    spawner._deaf = 0
    assert (spawner.pending, spawner.stopped) == (False, True)


async def test_a_start_that_was_hardly_begun_is_told_as_called_off(stopping: Any) -> None:
    """The hub first asks the authenticator: it has nothing to stop then, and clears nothing."""

    async def told(*_: Any) -> None:
        """It is durable."""

    stopping(told)
    spawner = Starting()
    spawner.server = None
    await asyncio.sleep(0)
    await call_off(spawner)
    assert (spawner.stopped, spawner.was_called_off) == (False, True)
    spawner.clear_state()
    assert not spawner.was_called_off


async def test_a_server_that_the_hub_only_looks_at_is_left_alone(stopping: Any) -> None:
    """It counts as starting meanwhile, without a start: somebody may be at work in it."""
    asked = []

    async def told(*said: Any) -> None:
        asked.append(said)

    stopping(told)
    spawner = Starting()
    spawner._spawn_future.cancel()
    spawner._spawn_future = None  # type: ignore[assignment] # as the hub has it
    await cancel(None, SimpleNamespace(name="ann"), spawner)
    assert (asked, spawner.cancelling) == ([], None)
