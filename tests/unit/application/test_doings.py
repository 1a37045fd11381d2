"""What configurers are doing is told to whoever watches, whenever they come."""

import asyncio
from contextlib import aclosing
from typing import Any, cast

import pytest

from houses import until
from multiplespawner.application import doings as module
from multiplespawner.application.doings import Doings
from multiplespawner.application.ports.configurer import TaskProgress


def task(name: str) -> TaskProgress:
    """A task that began."""
    return TaskProgress(name, "192.0.2.1", "started")


class Listener:
    """Hears the tasks of a session."""

    def __init__(self, doings: Doings, session: str = "s") -> None:
        self.heard: list[str] = []
        self._follows = doings.follow(session)
        self.listening = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        async with aclosing(cast(Any, self._follows)) as tasks:
            async for each in tasks:
                self._hear(each)

    def _hear(self, each: TaskProgress) -> None:
        self.heard.append(each.task)

    async def leave(self) -> None:
        """Listen no more."""
        self.listening.cancel()
        await asyncio.gather(self.listening, return_exceptions=True)


@pytest.fixture
def doings() -> Doings:
    """Of nobody yet."""
    return Doings()


async def test_who_comes_early_or_late_hears_the_same(doings: Doings) -> None:
    """All tasks from the first one on, until no more comes."""
    early = Listener(doings)
    await asyncio.sleep(0)
    doings.begin("s")
    for name in "ab":
        doings.tell("s", task(name))
    late = Listener(doings)
    await until(lambda: late.heard)
    doings.tell("s", task("c"))
    await until(lambda: len(late.heard) == 3)
    doings.end("s")
    await asyncio.wait_for(asyncio.gather(early.listening, late.listening), 5)

    assert early.heard == late.heard == ["a", "b", "c"]


async def test_what_is_told_at_the_very_end_is_heard(doings: Doings) -> None:
    """Though nobody had the time to hear it before."""
    listener = Listener(doings)
    await asyncio.sleep(0)
    doings.tell("s", task("a"))
    doings.end("s")
    await asyncio.wait_for(listener.listening, 5)

    assert listener.heard == ["a"]


async def test_each_session_has_its_own(doings: Doings) -> None:
    """Nobody hears of others."""
    one, other = Listener(doings, "s"), Listener(doings, "t")
    await asyncio.sleep(0)
    doings.tell("s", task("a"))
    doings.tell("t", task("b"))
    for session in "st":
        doings.end(session)
    await asyncio.wait_for(asyncio.gather(one.listening, other.listening), 5)

    assert (doings.latest("s"), one.heard, other.heard) == (None, ["a"], ["b"])


async def test_what_begins_anew_is_told_anew(doings: Doings) -> None:
    """Who heard the first run hears the second from its first task, who comes then only the second."""
    before = Listener(doings)
    for name in "ab":
        doings.tell("s", task(name))
    await until(lambda: len(before.heard) == 2)
    doings.begin("s")
    doings.tell("s", task("a"))
    await until(lambda: len(before.heard) == 3)
    after = Listener(doings)
    doings.end("s")
    await after.leave()
    await asyncio.wait_for(before.listening, 5)

    assert before.heard == ["a", "b", "a"]


def test_the_latest_is_known_whoever_listens(doings: Doings) -> None:
    """None before the first and after the end."""
    assert doings.latest("s") is None
    for name in "ab":
        doings.tell("s", task(name))
    assert doings.latest("s") == task("b")
    doings.begin("s")
    assert doings.latest("s") is None
    doings.tell("s", task("c"))
    doings.end("s")
    assert doings.latest("s") is None


async def test_nothing_is_kept_for_who_listened_in_vain(doings: Doings) -> None:
    """Of sessions without a configurer, and of those that are over."""
    listeners = [Listener(doings, session) for session in ("never", "over", "over")]
    doings.tell("over", task("a"))
    doings.end("over")
    await asyncio.sleep(0)
    listeners.append(Listener(doings, "over"))
    await asyncio.sleep(0)
    for listener in listeners:
        await listener.leave()

    assert doings._told == {}


async def test_what_was_told_stays_though_who_heard_it_leaves(doings: Doings) -> None:
    """For the next one."""
    listener = Listener(doings)
    await asyncio.sleep(0)
    doings.tell("s", task("a"))
    await until(lambda: listener.heard)
    await listener.leave()

    assert doings.latest("s") == task("a")


async def test_no_more_than_so_many_are_kept(doings: Doings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The latest is known all the same."""
    monkeypatch.setattr(module, "MOST", 2)
    for name in "abc":
        doings.tell("s", task(name))
    listener = Listener(doings)
    await until(lambda: len(listener.heard) == 2)
    doings.end("s")
    await asyncio.wait_for(listener.listening, 5)

    assert listener.heard == ["a", "b"]
    doings.tell("s", task("x"))
    for name in "yz":
        doings.tell("s", task(name))
    assert doings.latest("s") == task("z")
