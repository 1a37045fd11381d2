"""All inner spawners, real or fake, keep the contract."""

import asyncio
import os
import pwd
import signal
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, NoReturn

import pytest
from jupyterhub.spawner import LocalProcessSpawner, SimpleLocalProcessSpawner, Spawner
from tornado.httpclient import AsyncHTTPClient

from hub_in_memory import hub_user, outer_of
from multiplespawner.adapters.outbound.inner_spawners.child import make_child
from multiplespawner.adapters.outbound.inner_spawners.hub_inner_spawner import HubInnerSpawner
from multiplespawner.application.ports.inner_spawner import InnerSpawner
from multiplespawner.testing.contracts.inner_spawner import (
    EveryInnerSpawnerContract,
    FoundAgainContract,
    InnerSpawnerContract,
    NotebookEnds,
    Rebuilt,
    gone,
)
from multiplespawner.testing.fakes.scripted_inner_spawners import (
    SpawnerThatFailsToStart,
    SpawnerThatFailsToStop,
    SpawnerThatIsStoppedSlowly,
    SpawnerThatNeverStarts,
    SpawnerThatStarts,
)

NOTEBOOK = """
import os, socket
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import urlsplit

class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(f"{os.environ['MULTIPLESPAWNER_RESOURCE']} {os.getuid()}".encode())

url = urlsplit(os.environ["JUPYTERHUB_SERVICE_URL"])
HTTPServer((url.hostname, url.port), Handler).serve_forever()
"""
"""The smallest notebook: answers where the hub said, with its resource and its unix user."""


class TestSpawnerThatStarts(InnerSpawnerContract):
    """The fake that works."""

    @pytest.fixture
    def inner(self) -> SpawnerThatStarts:
        return SpawnerThatStarts(events=[{"message": "one"}])

    @pytest.fixture
    def notebook_ends(self) -> NotebookEnds:
        return lambda inner: inner.exit(3)  # type: ignore[attr-defined]


class TestSpawnerThatIsStoppedSlowly(TestSpawnerThatStarts):
    """The fake whose stop waits."""

    @pytest.fixture
    def inner(self) -> SpawnerThatStarts:
        inner = SpawnerThatIsStoppedSlowly()
        inner.gate.set()
        return inner


@pytest.mark.parametrize(
    "kind",
    [SpawnerThatNeverStarts, SpawnerThatFailsToStart, SpawnerThatFailsToStop],
    ids=lambda kind: kind.__name__,
)
class TestFakesThatFail(EveryInnerSpawnerContract):
    """The fakes that fail at one thing."""

    @pytest.fixture
    def inner(self, kind: type[SpawnerThatStarts]) -> SpawnerThatStarts:
        return kind()


class TestFakeThatLeavesItRunning(EveryInnerSpawnerContract):
    """The fake whose start fails while its notebook runs."""

    @pytest.fixture
    def inner(self) -> SpawnerThatFailsToStart:
        return SpawnerThatFailsToStart(leaves_it_running=True)


async def one_of(
    spawner_class: type[Spawner], name: str, python: str, **more: Any
) -> AsyncIterator[InnerSpawner]:
    """Hand out an inner spawner around a real class, and end its notebook afterwards."""
    settings = outer_of(hub_user(name))._settings
    kwargs = {"cmd": [python, "-c", NOTEBOOK], "interrupt_timeout": "1", "term_timeout": "5", **more}
    child = make_child(settings, spawner_class, kwargs, {})
    inner = HubInnerSpawner(settings, child, {}, {"MULTIPLESPAWNER_RESOURCE": "owner-resource"})
    yield inner
    await inner.stop(now=True)


class OfProcesses(InnerSpawnerContract, FoundAgainContract):
    """What holds for spawners of processes on this machine."""

    uid = os.getuid()

    @pytest.fixture
    def notebook_ends(self) -> NotebookEnds:
        return lambda inner: os.kill(inner.child.pid, signal.SIGKILL)  # type: ignore[attr-defined]

    @pytest.fixture
    async def after_restart(self) -> AsyncIterator[Rebuilt]:
        reapers: list[asyncio.Task[int]] = []

        async def again(inner: InnerSpawner) -> InnerSpawner:
            assert isinstance(inner, HubInnerSpawner)
            # A hub's process that has ended leaves its children to init, which reaps them.
            reapers.append(asyncio.create_task(asyncio.to_thread(inner.child.proc.wait)))
            child = make_child(inner.settings, type(inner.child), {}, {}, inner.state())
            return HubInnerSpawner(inner.settings, child, {}, inner.environment)

        yield again
        await asyncio.gather(*reapers)

    async def test_it_is_reached(self, inner: InnerSpawner) -> None:
        """The URL leads to the notebook, which knows its resource and runs as the right user."""
        url = await inner.start(lambda _: None)
        async with asyncio.timeout(30):
            while (body := await fetched(url)) is None:
                await asyncio.sleep(0.05)
        assert body == f"owner-resource {self.uid}"

    async def test_exit_status(self, inner: InnerSpawner, notebook_ends: NotebookEnds) -> None:
        """The status is the process's own."""
        await inner.start(lambda _: None)
        notebook_ends(inner)
        assert await gone(inner) == -signal.SIGKILL


async def fetched(url: str) -> str | None:
    """Return what is there; None while nothing is."""
    try:
        return (await AsyncHTTPClient().fetch(url)).body.decode()
    except OSError:
        return None


class TestSimpleLocalProcess(OfProcesses):
    """JupyterHub's spawner without unix users."""

    @pytest.fixture
    async def inner(self, tmp_path: Path) -> AsyncIterator[InnerSpawner]:
        async for inner in one_of(SimpleLocalProcessSpawner, "alice", sys.executable, home_dir=str(tmp_path)):
            yield inner


class TestLocalProcess(OfProcesses):
    """JupyterHub's own default: the notebook runs as the unix user; root starts one of somebody else."""

    user = pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
    uid = user.pw_uid

    @pytest.fixture
    async def inner(self, unavailable: Callable[[str], NoReturn]) -> AsyncIterator[InnerSpawner]:
        # The interpreter of the tests may lie where another user can't reach it.
        python = "/usr/bin/python3" if os.getuid() == 0 else sys.executable
        if not Path(python).exists():
            unavailable(f"no {python} that another user can run")
        async for inner in one_of(LocalProcessSpawner, self.user.pw_name, python):
            yield inner
