"""How the inner spawner is driven.

| rule of delegation | test |
| --- | --- |
| the child's value, sync or async | test_it_starts_whether_sync_or_async |
| None or False is an error | test_answers.py |
| `stop` with the signature it has | test_stop_is_called_as_it_can_be |
| the outer `port` goes to the child while it starts, only it | test_only_the_port_goes_on_while_it_starts |
| the child's `api_token` goes to the outer one | test_the_token_that_the_child_ended_with_goes_outside |
| `will_resume` is read live | test_will_resume_is_asked_each_time |
| own progress never raises | test_progress_ends_with_the_start, test_progress_that_fails_just_ends |
| certificates with the child's names, moved by the child | test_certificates_are_the_childs |
| `get_url`, `rename`, `delete_forever` are forwarded | test_what_the_hub_asks_is_forwarded |
| the child's own poll may clear its state | test_a_child_is_not_polled_while_it_starts |
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from typing import Any

import pytest

from hub_in_memory import AnyInner, StandInOuter, hub_user, outer_of
from multiplespawner.adapters.outbound.inner_spawners.child import make_child
from multiplespawner.adapters.outbound.inner_spawners.hub_inner_spawner import HubInnerSpawner, Limits
from multiplespawner.application.ports.inner_spawner import Liveness, SpawnFailed

SOON = Limits(poll=0.1, stop=0.2, gone=0.2, watch=0.01)


def around(inner: type[AnyInner], outer: StandInOuter | None = None) -> HubInnerSpawner:
    """Return the adapter around a child of the class."""
    settings = (outer or outer_of(hub_user()))._settings
    child = make_child(settings, inner, {}, {})
    return HubInnerSpawner(settings, child, {"mine": 1}, {"MULTIPLESPAWNER_RESOURCE": "r"}, SOON)


def silent(state: Mapping[str, Any]) -> None:
    """Listen to no state."""


async def until(condition: Callable[[], Any]) -> None:
    """Wait until the condition holds, at most 5 s."""
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.005)


class Synchronous(AnyInner):
    """Answers without a coroutine, as spawners of old do."""

    def start(self) -> Any:
        return ("127.0.0.1", 1)

    def poll(self) -> Any:
        return 3


@pytest.mark.parametrize("inner", [AnyInner, Synchronous])
async def test_it_starts_whether_sync_or_async(inner: type[AnyInner]) -> None:
    """Either way the URL comes back and the child has what it needs."""
    inner_spawner = around(inner)
    url = await inner_spawner.start(silent)
    assert inner_spawner.answer[0] == "127.0.0.1"
    assert url == f"http://127.0.0.1:{inner_spawner.answer[1]}"
    assert inner_spawner.child.environment["MULTIPLESPAWNER_RESOURCE"] == "r"
    assert inner_spawner.child.user_options == {"mine": 1}


class Gated(AnyInner):
    """Starts when a test lets it, and records what it was asked."""

    def __init__(self, **kwargs: Any) -> None:
        self.begun, self.gate, self.asked, self.answer = asyncio.Event(), asyncio.Event(), [], None
        self.given_up = False
        super().__init__(**kwargs)

    async def start(self) -> Any:
        self.begun.set()
        try:
            await self.gate.wait()
        except asyncio.CancelledError:
            self.given_up = True
            raise
        return ("127.0.0.1", self.port or 1)

    async def stop(self, now: bool = False) -> None:
        self.asked.append(("stop", now))
        self.answer = 143

    async def poll(self) -> Any:
        self.asked.append("poll")
        self.clear_state()
        return self.answer


async def test_a_child_is_not_polled_while_it_starts() -> None:
    """Many answer 0 and forget their token until they know their notebook: while it starts, it runs."""
    inner = around(Gated)
    start = asyncio.create_task(inner.start(silent))
    await inner.child.begun.wait()
    assert (await inner.poll()).liveness is Liveness.RUNNING
    assert inner.child.asked == []
    assert inner.child.api_token == "token-of-the-hub"
    inner.child.gate.set()
    await start
    assert (await inner.poll()).liveness is Liveness.RUNNING
    assert inner.child.asked == ["poll"]


async def test_only_the_port_goes_on_while_it_starts() -> None:
    """A batch job reports its port to the outer spawner; nothing else that it sets there goes on."""
    outer = outer_of(hub_user())
    inner = around(Gated, outer)
    start = asyncio.create_task(inner.start(silent))
    await inner.child.begun.wait()
    outer.port, outer.cmd, outer.environment = 4711, ["evil"], {"EVIL": "1"}
    inner.child.gate.set()
    assert await start == "http://127.0.0.1:4711"
    assert inner.child.cmd == ["jupyterhub-singleuser"]
    assert "EVIL" not in inner.child.environment
    outer.port = 1
    assert inner.child.port == 4711


async def test_the_token_that_the_child_ended_with_goes_outside() -> None:
    """A resumed notebook keeps its old token, and the hub must know it."""

    class Resumes(AnyInner):
        async def start(self) -> Any:
            self.api_token = "old-token"
            return ("127.0.0.1", 1)

    outer = outer_of(hub_user())
    await around(Resumes, outer).start(silent)
    assert outer.api_token == "old-token"


async def test_the_request_is_forgotten_after_the_start() -> None:
    """A request's handler is of use only while the request lasts."""
    outer = outer_of(hub_user())
    outer.handler = object()
    inner = around(AnyInner, outer)
    await inner.start(silent)
    assert inner.child.handler is None


async def test_states_are_told_as_they_change(caplog: pytest.LogCaptureFixture) -> None:
    """A state is told once, while starting as after it; one that can't be read is logged and passed over."""

    class Finds(Gated):
        state: Any = {}  # noqa: RUF012  replaced, never changed

        def get_state(self) -> Any:
            if isinstance(self.state, Exception):
                raise self.state
            return self.state

    inner, told = around(Finds), list[Mapping[str, Any]]()
    inner.child.log.addHandler(caplog.handler)
    start = asyncio.create_task(inner.start(told.append))
    await inner.child.begun.wait()
    inner.child.state = {"id": 1}
    await until(lambda: told == [{"id": 1}])
    inner.child.state = RuntimeError("secret")
    await until(lambda: caplog.records)
    inner.child.state = {"id": 2}
    inner.child.gate.set()
    await start
    assert told == [{"id": 1}, {"id": 2}]
    inner.child.state = RuntimeError("secret")
    assert inner.state() == {"id": 2}
    assert len(caplog.records) == 1
    assert "secret" not in caplog.text
    inner.child.log.removeHandler(caplog.handler)


async def test_giving_up_waiting_does_not_give_up_the_start() -> None:
    """Cancelled, the caller stops waiting; the start goes on and can be waited for again."""
    inner = around(Gated)
    start = asyncio.create_task(inner.start(silent))
    await inner.child.begun.wait()
    start.cancel()
    await asyncio.wait({start})
    assert start.cancelled()
    assert not inner.child.given_up
    inner.child.gate.set()
    assert await inner.start(silent) == "http://127.0.0.1:1"


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


async def test_what_a_start_raises_is_the_cause() -> None:
    """The error's text stays where only administrators see it."""

    class Fails(AnyInner):
        async def start(self) -> Any:
            raise RuntimeError("secret")

    with pytest.raises(SpawnFailed) as error:
        await around(Fails).start(silent)
    assert error.value.code == "inner_start_failed"
    assert "secret" not in error.value.message
    assert isinstance(error.value.__cause__, RuntimeError)


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


async def test_progress_ends_with_the_start() -> None:
    """Events come as the child gives them, and a child that gives them for ever ends with its start."""

    class Talks(Gated):
        async def progress(self) -> AsyncIterator[dict[str, Any]]:
            yield {"message": "one"}
            await self.begun.wait()
            yield {"message": "two"}
            await asyncio.Event().wait()

    inner, heard = around(Talks), list[Any]()
    start = asyncio.create_task(inner.start(silent))
    await inner.child.begun.wait()
    async with asyncio.timeout(5):
        async for event in inner.progress():
            heard.append(event["message"])
            if len(heard) == 2:
                inner.child.gate.set()
    await start
    assert heard == ["one", "two"]


async def test_progress_that_fails_just_ends() -> None:
    """Whatever the child's progress raises, what it said before is heard and nothing is raised."""

    class Stumbles(AnyInner):
        async def progress(self) -> AsyncIterator[dict[str, Any]]:
            yield {"message": "one"}
            raise RuntimeError("secret")

    class HasNone(AnyInner):
        progress = None

    assert [event async for event in around(Stumbles).progress()] == [{"message": "one"}]
    assert [event async for event in around(HasNone).progress()] == []


async def test_will_resume_is_asked_each_time() -> None:
    """Only the child knows, and it may change its mind."""
    inner = around(AnyInner)
    before = inner.will_resume
    inner.child.will_resume = True
    assert (before, inner.will_resume) == (False, True)


async def test_certificates_are_the_childs() -> None:
    """The names in the certificate and where it lies are the child's."""

    class Certified(AnyInner):
        async def create_certs(self) -> dict[str, str]:
            return {"keyfile": self.ssl_alt_names[0]}

        def move_certs(self, paths: dict[str, str]) -> dict[str, str]:
            return {"keyfile": "/moved/" + paths["keyfile"]}

    outer = outer_of(hub_user())
    inner = around(Certified, outer)
    inner.child.ssl_alt_names = ["DNS:there"]
    outer.cert_paths = await inner.move_certs(await inner.create_certs())
    await inner.start(silent)
    assert inner.child.cert_paths == {"keyfile": "/moved/DNS:there"}


async def test_what_the_hub_asks_is_forwarded() -> None:
    """The URL, a new name and the last farewell are the child's matter, sync or async."""

    class Asked(AnyInner):
        async def get_url(self) -> str:
            return "http://there:1"

        async def rename(self, old_name: str, new_name: str) -> None:
            self.renamed = (old_name, new_name)

        def delete_forever(self) -> None:
            self.deleted = True

    inner = around(Asked)
    await inner.rename("a", "b")
    await inner.delete_forever()
    assert await inner.get_url() == "http://there:1"
    assert (inner.child.renamed, inner.child.deleted) == (("a", "b"), True)
