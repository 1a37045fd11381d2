"""What every inner spawner does."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from itertools import pairwise
from typing import Any

import pytest

from ...application.ports.inner_spawner import Equipment, InnerSpawner, Liveness, SpawnFailed

LIMIT = 30.0
"""Seconds for what should take less than one, on a busy machine."""

NotebookEnds = Callable[[InnerSpawner], None]


async def gone(inner: InnerSpawner) -> int:
    """Wait until the notebook is gone; return its status."""
    async with asyncio.timeout(LIMIT):
        while (last := await inner.poll()).liveness is not Liveness.GONE:  # noqa: ASYNC110  it can only be polled
            await asyncio.sleep(0.02)
    assert last.status is not None
    return last.status


class EveryInnerSpawnerContract:
    """What holds even for one that doesn't start or stop. Inherit it and fill in the fixture."""

    @pytest.fixture
    def inner(self) -> InnerSpawner:
        """Hand out one that was never started, and see that nothing of it runs afterwards."""
        raise NotImplementedError

    async def test_never_started(self, inner: InnerSpawner) -> None:
        """What was never started is gone, and stopping it is a success."""
        assert (await inner.poll()).liveness is Liveness.GONE
        assert isinstance(await inner.stop(now=False), int)

    async def test_is_equipped(self, inner: InnerSpawner) -> None:
        """What is known of the resource is taken, again too, and starts nothing."""
        for _ in range(2):
            await inner.equip(Equipment({"endpoint": "192.0.2.1", "auth_key": "ssh-ed25519 AAAA"}))
        assert (await inner.poll()).liveness is Liveness.GONE

    async def test_state_is_json(self, inner: InnerSpawner) -> None:
        """The state is strict JSON at any time."""
        assert json.loads(json.dumps(inner.state(), allow_nan=False)) == inner.state()

    async def test_given_up(self, inner: InnerSpawner) -> None:
        """Cancelled while it starts, it can be stopped, at the latest when asked again, and is gone."""
        start = asyncio.create_task(inner.start(lambda _: None))
        await asyncio.sleep(0)
        await inner.poll()
        start.cancel()
        await asyncio.wait({start}, timeout=LIMIT)
        for _ in range(3):
            with suppress(SpawnFailed):
                await inner.stop(now=True)
                break
        await gone(inner)

    async def test_progress_ends(self, inner: InnerSpawner) -> None:
        """Progress comes to an end by itself, also without a start."""
        async with asyncio.timeout(LIMIT):
            async for event in inner.progress():
                assert isinstance(event, Mapping)


class InnerSpawnerContract(EveryInnerSpawnerContract):
    """What holds for one that works. Inherit it and fill in the two fixtures."""

    @pytest.fixture
    def notebook_ends(self) -> NotebookEnds:
        """Hand out what ends a running notebook from outside."""
        raise NotImplementedError

    async def test_start(self, inner: InnerSpawner) -> None:
        """It starts, is reachable by a URL, and runs."""
        url = await inner.start(lambda _: None)
        assert url.startswith(("http://", "https://"))
        assert (await inner.poll()).liveness is Liveness.RUNNING

    async def test_state_is_told(self, inner: InnerSpawner) -> None:
        """The state that it needs to find its notebook again has been told when `start` returns."""
        told = list[Mapping[str, Any]]()
        await inner.start(told.append)
        assert told[-1] == inner.state()
        assert all(before != after for before, after in pairwise(told))

    async def test_stop(self, inner: InnerSpawner) -> None:
        """When `stop` returns the notebook is gone, and stopping again is a success."""
        await inner.start(lambda _: None)
        status = await inner.stop(now=False)
        assert await gone(inner) == status
        assert await inner.stop(now=True) == status

    async def test_ends_by_itself(self, inner: InnerSpawner, notebook_ends: NotebookEnds) -> None:
        """A notebook that ends is seen to be gone, and there is nothing left to stop."""
        await inner.start(lambda _: None)
        notebook_ends(inner)
        status = await gone(inner)
        assert await inner.stop(now=False) == status

    async def test_progress_while_it_starts(self, inner: InnerSpawner) -> None:
        """Progress ends with the start at the latest."""
        start = asyncio.create_task(inner.start(lambda _: None))
        await asyncio.sleep(0)
        async with asyncio.timeout(LIMIT):
            async for event in inner.progress():
                assert isinstance(event, Mapping)
        await start


Rebuilt = Callable[[InnerSpawner], Awaitable[InnerSpawner]]


class FoundAgainContract:
    """What holds for one whose notebook outlives the hub. Inherit it and fill in the fixtures."""

    @pytest.fixture
    def inner(self) -> InnerSpawner:
        """Hand out one that was never started, and see that nothing of it runs afterwards."""
        raise NotImplementedError

    @pytest.fixture
    def after_restart(self) -> Rebuilt:
        """Hand out what makes a spawner again from the state of one, as a new hub would."""
        raise NotImplementedError

    async def test_found_again(self, inner: InnerSpawner, after_restart: Rebuilt) -> None:
        """Made again from its state it sees the same notebook and can stop it."""
        await inner.start(lambda _: None)
        again = await after_restart(inner)
        assert (await again.poll()).liveness is Liveness.RUNNING
        assert again.state() == inner.state()
        await again.stop(now=True)
        await gone(inner)
