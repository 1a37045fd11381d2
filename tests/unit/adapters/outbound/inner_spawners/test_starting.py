"""How the child is started, and what happens meanwhile."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from hub_in_memory import AnyInner, hub_user, outer_of
from inner_children import Gated, around, silent, until
from multiplespawner.application.ports.inner_spawner import Liveness, SpawnFailed


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
