"""What every configurer must do, with a resource that it may set up."""

import asyncio
import re
from collections.abc import Callable
from contextlib import aclosing
from pathlib import Path
from typing import Any, cast

import attrs
import pytest

from ...application.ports.configurer import ConfigurationFailed, Configurer, TaskProgress, Work
from ..loop_stalls import Ticking

ENDS = {"ok", "changed", "skipped", "failed"}
STALL = 0.05
"""Seconds that the event loop may stand still; the best of several rounds counts, as machines have moods."""


@pytest.mark.asyncio
class ConfigurerContract:
    """Inherit it and fill in the fixtures; resources are set up for real."""

    @pytest.fixture
    def configurer(self) -> Configurer:
        """One that has two tasks at least, all of which succeed."""
        raise NotImplementedError("override the fixture `configurer`")

    @pytest.fixture
    def failing(self) -> Configurer:
        """One with a task that fails at the resource."""
        raise NotImplementedError("override the fixture `failing`")

    @pytest.fixture
    def endless(self) -> Configurer:
        """One with a task that goes on until it is ended."""
        raise NotImplementedError("override the fixture `endless`")

    @pytest.fixture
    def runs(self) -> Callable[[], bool]:
        """Tells whether something of the endless task runs, here or at the resource."""
        raise NotImplementedError("override the fixture `runs`")

    @pytest.fixture
    def work(self, tmp_path: Path) -> Work:
        """What is to be set up; its folder (0700) is there, empty, below `tmp_path`."""
        raise NotImplementedError("override the fixture `work`")

    @pytest.fixture
    def other_names(self, work: Work) -> dict[str, str]:
        """Names of which one that the configurer's settings use stands for something else."""
        return {name: f"{value}-other" for name, value in work.names.items()}

    async def test_it_declares_itself(self, configurer: Configurer) -> None:
        """It is written for this version of the port, and each setting has a default or a validator."""
        assert configurer.api == 1
        fields = attrs.fields(configurer.settings_class)
        assert all(f.default is not attrs.NOTHING or f.validator is not None for f in fields)
        account = configurer.account()
        assert account is None or account

    async def test_the_same_has_the_same_digest(
        self, configurer: Configurer, work: Work, other_names: dict[str, str]
    ) -> None:
        """A digest is SHA-256 in hex; it changes with what is filled in."""
        digest = await configurer.digest(work.names)
        assert re.fullmatch("[0-9a-f]{64}", digest)
        assert await configurer.digest(work.names) == digest
        assert await configurer.digest(other_names) != digest

    async def test_it_can_be_applied(self, configurer: Configurer) -> None:
        """The check finds nothing amiss."""
        await configurer.check()

    async def test_each_task_is_told_of(self, configurer: Configurer, work: Work) -> None:
        """Each begins, then ends; the count of what is done never goes back, nor over the total."""
        told = await all_of(configurer, work)
        begun = [each.task for each in told if each.state == "started"]
        assert len(begun) >= 2
        assert [each.task for each in told if each.state in ENDS] == begun
        assert {each.state for each in told} <= {"started", "ok", "changed", "skipped"}
        assert all(each.host for each in told)
        done = [each.done for each in told]
        assert done == sorted(done)
        assert done[-1] > 0
        assert all(each.total is None or each.done <= each.total for each in told)

    async def test_nothing_of_a_run_is_left(self, configurer: Configurer, work: Work) -> None:
        """Its folder is gone."""
        await all_of(configurer, work)
        assert not work.folder.exists()

    async def test_it_may_be_repeated(self, configurer: Configurer, work: Work) -> None:
        """The second time succeeds, too."""
        await all_of(configurer, work)
        work.folder.mkdir(mode=0o700)
        await all_of(configurer, work)

    async def test_a_failure_says_where(self, failing: Configurer, work: Work) -> None:
        """The task that failed, its host and a sentence; nothing is begun after it, and nothing is left."""
        told: list[TaskProgress] = []
        with pytest.raises(ConfigurationFailed) as failed:
            await all_of(failing, work, told)
        assert failed.value.code
        assert failed.value.message.endswith(".")
        assert failed.value.host
        assert (failed.value.task, "failed") == (told[-1].task, told[-1].state)
        assert not work.folder.exists()

    async def test_cancelled_it_has_ended(
        self, endless: Configurer, work: Work, runs: Callable[[], bool]
    ) -> None:
        """When the cancelled call returns, nothing of it runs and nothing is left."""
        running = asyncio.ensure_future(all_of(endless, work))
        async with asyncio.timeout(60):
            while not runs():
                assert not running.done()
                await asyncio.sleep(0.02)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert not runs()
        assert not work.folder.exists()

    async def test_the_event_loop_is_never_blocked(self, configurer: Configurer, work: Work) -> None:
        """While it digests, checks and applies, the loop goes on."""
        stalls = []
        for _ in range(5):
            async with Ticking() as ticking:
                await configurer.digest(work.names)
                await configurer.check()
                await all_of(configurer, work)
            work.folder.mkdir(mode=0o700)
            stalls.append(ticking.longest)
            if ticking.longest < STALL:
                return
        pytest.fail(f"the event loop stood still in every round, for {min(stalls):.3f} s at least")


async def all_of(
    configurer: Configurer, work: Work, told: list[TaskProgress] | None = None
) -> list[TaskProgress]:
    """Apply it to the end; returns what it told, and notes that in `told` as it goes."""
    noted = [] if told is None else told
    # every generator has aclose; the port promises an iterator only
    async with aclosing(cast(Any, configurer.apply(work))) as tasks:
        async for task in tasks:
            noted.append(task)
    return noted
