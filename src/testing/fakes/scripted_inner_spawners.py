"""Fakes of the inner spawner, named by how they behave; they run nothing and need no hub."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

from attrs import define, field

from ...application.ports.inner_spawner import (
    NOTHING_KNOWN,
    Equipment,
    InnerSpawner,
    Liveness,
    Polled,
    SpawnFailed,
)


@define(eq=False)
class SpawnerThatStarts:
    """Starts at once, runs until stopped, and tells one state on the way; the others differ in one thing."""

    url: str = "http://127.0.0.1:8888"
    events: list[Mapping[str, Any]] = field(factory=list)
    """What `progress` yields."""
    calls: list[str] = field(factory=list)
    """The names of the port's methods called, in order; `poll` and `state` are left out."""
    running: bool = False
    status: int = 0
    """The exit status once gone."""
    reachable: bool = True
    """Whether a poll gets through."""
    equipment: Equipment | None = None
    """What it was equipped with last."""

    async def equip(self, equipment: Equipment) -> None:
        """Keep it, for tests to look at."""
        self.equipment = equipment

    async def start(self, on_state: Callable[[Mapping[str, Any]], None]) -> str:
        """Run from now on."""
        self.calls.append("start")
        await self._starting(on_state)
        return self.url

    async def _starting(self, on_state: Callable[[Mapping[str, Any]], None]) -> None:
        self.running = True
        on_state(self.state())

    async def poll(self) -> Polled:
        """Whether it runs, as scripted."""
        if not self.reachable:
            return Polled(Liveness.UNKNOWN, detail="unreachable, as scripted")
        return Polled(Liveness.RUNNING) if self.running else Polled(Liveness.GONE, self.status)

    async def stop(self, now: bool) -> int:
        """Run no longer."""
        self.calls.append("stop")
        self.running = False
        return self.status

    async def progress(self) -> AsyncIterator[Mapping[str, Any]]:
        """The scripted events."""
        for event in self.events:
            yield event

    def state(self) -> Mapping[str, Any]:
        """An id once it has begun."""
        return {"id": "scripted"} if self.running else {}

    def exit(self, status: int) -> None:
        """Let the notebook end by itself."""
        self.running, self.status = False, status


@define(eq=False)
class SpawnerThatNeverStarts(SpawnerThatStarts):
    """Begins, tells its state, and waits for ever; stopping it ends the wait with an error."""

    begun: asyncio.Event = field(factory=asyncio.Event)
    """Set once `start` waits."""
    _given_up: asyncio.Event = field(factory=asyncio.Event, init=False)

    async def _starting(self, on_state: Callable[[Mapping[str, Any]], None]) -> None:
        await SpawnerThatStarts._starting(self, on_state)
        self.begun.set()
        await self._given_up.wait()
        raise SpawnFailed("inner_given_up", "The start was given up.")

    async def stop(self, now: bool) -> int:
        """Give up the start."""
        self._given_up.set()
        return await SpawnerThatStarts.stop(self, now)


@define(eq=False)
class SpawnerThatFailsToStart(SpawnerThatStarts):
    """Raises SpawnFailed, and leaves its notebook running where told to."""

    code: str = "inner_start_failed"
    message: str = "The notebook could not be started."
    leaves_it_running: bool = False

    async def _starting(self, on_state: Callable[[Mapping[str, Any]], None]) -> None:
        if self.leaves_it_running:
            await SpawnerThatStarts._starting(self, on_state)
        raise SpawnFailed(self.code, self.message)


@define(eq=False)
class SpawnerThatFailsToStop(SpawnerThatStarts):
    """Starts, and fails to stop so many times."""

    failures: int = 1
    """How many times `stop` still fails."""

    async def stop(self, now: bool) -> int:
        """Fail, or stop once the failures are used up."""
        if self.running and self.failures > 0:
            self.failures -= 1
            self.calls.append("stop")
            raise SpawnFailed("inner_stop_failed", "The notebook could not be stopped.")
        return await SpawnerThatStarts.stop(self, now)


@define(eq=False)
class SpawnerThatIsStoppedSlowly(SpawnerThatStarts):
    """Starts; `stop` waits until the test opens the gate."""

    gate: asyncio.Event = field(factory=asyncio.Event)

    async def stop(self, now: bool) -> int:
        """Wait for the gate, then stop."""
        if self.running:
            await self.gate.wait()
        return await SpawnerThatStarts.stop(self, now)


@define(eq=False)
class FakeInnerSpawners:
    """Inner spawners as scripted: what a session gets, and what it gets again after a restart."""

    held: dict[str, InnerSpawner] = field(factory=dict)
    """By session; those that this process holds."""
    after_restart: dict[str, InnerSpawner] = field(factory=dict)
    """By session; those that `rebuild` can make."""
    documents: dict[str, Mapping[str, Any]] = field(factory=dict)
    """What `rebuild` was given, by session."""

    unexpected: set[str] = field(factory=set)
    """Sessions that nobody points to any more."""

    async def is_expected(self, session: str, document: Mapping[str, Any]) -> bool:
        """Unless scripted otherwise."""
        return session not in self.unexpected

    def hold(self, session: str, inner: InnerSpawner) -> None:
        """Hold a session's spawner."""
        self.held[session] = inner

    def of(self, session: str) -> InnerSpawner | None:
        """The one held."""
        return self.held.get(session)

    async def rebuild(
        self, session: str, document: Mapping[str, Any], equipment: Equipment = NOTHING_KNOWN
    ) -> InnerSpawner | None:
        """The one held, else the scripted one, held from now on."""
        self.documents[session] = document
        if session not in self.held and session in self.after_restart:
            await self.after_restart[session].equip(equipment)
            self.held[session] = self.after_restart[session]
        return self.held.get(session)

    def let_go(self, session: str) -> None:
        """Hold it no longer."""
        self.held.pop(session, None)
