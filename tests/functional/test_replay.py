"""Replay is exact: for every past position the views tell what was so then, and ask nobody but the log."""

from typing import Any

import pytest
from attrs import define, field

from houses import Outside, is_released, until, world_of
from multiplespawner.application.ports.event_log import Record
from multiplespawner.application.use_cases.start_session import SessionFailed
from multiplespawner.application.views import resources, sessions
from multiplespawner.application.views.progress import progress_of
from multiplespawner.application.views.reading import SessionRecords
from multiplespawner.application.views.replay import replay, replay_until
from multiplespawner.domain.world import World, evolve
from multiplespawner.testing.fakes.faulty_providers import ProviderThatOnlyWatches
from multiplespawner.testing.fakes.memory_event_log import MemoryEventLog
from multiplespawner.testing.fakes.memory_provider import MemorySettings
from multiplespawner.testing.fakes.scripted_inner_spawners import SpawnerThatFailsToStart


@define
class Witness:
    """Keeps what every record made of the live states, by position."""

    sessions: dict[str, str] = field(factory=dict)
    """Session by each stream that tells of it."""
    worlds: dict[str, World] = field(factory=dict)
    seen: list[tuple[int, dict[str, World]]] = field(factory=list)

    def see(self, records: tuple[Record, ...]) -> None:
        """Be told by the log as it is appended to."""
        for record in records:
            for session in self._about(record):
                world = self.worlds.get(session, World("", session))
                self.worlds[session] = evolve(world, record.stream, (record.fact,))
            self.seen.append((record.position, dict(self.worlds)))

    def _about(self, record: Record) -> tuple[str, ...]:
        kind, _, id_ = record.stream.partition(":")
        if kind == "session":
            self.sessions[record.stream] = id_
            if record.name == "session.placed":
                placed: Any = record.fact
                self.sessions[f"resource:{placed.resource}"] = id_
                self.sessions[f"deployment:{placed.deployment}"] = id_
        if kind == "pool":
            return ()
        return (self.sessions[record.stream],)


async def lives(outside: Outside) -> Witness:
    """Several sessions that start, stop, fail and overlap on one pool."""
    witness = Witness()
    outside.log.subscribe(witness.see)
    house = outside.house()
    first, second, third = outside.request(), outside.request(SpawnerThatFailsToStart()), outside.request()
    await house.start(first)
    with pytest.raises(SessionFailed):
        await house.start(second)
    await house.start(third)
    await house.stop(first.session, "user", "stopped")
    for request in (first, second):
        await until(lambda request=request: is_released(house, request.resource))
    for request in (first, second, third):
        # what was seen is what the ledger decides on
        live = await world_of(house, request.resource)
        seen = witness.worlds[request.session]
        assert (seen.session, seen.resource, seen.deployment) == (
            live.session,
            live.resource,
            live.deployment,
        )
    await house.close()
    return witness


async def test_at_every_position():
    """Session, resource and deployment are as they were, and so are the rows, for each session."""
    outside = Outside(provider=ProviderThatOnlyWatches(MemorySettings(maximum_sessions=5)))
    witness = await lives(outside)
    log = MemoryEventLog(outside.clock, shared_with=outside.log)
    calls = len(outside.provider.calls)
    for position, worlds in witness.seen:
        for session, world in worlds.items():
            then = await replay_until(log, session, position)
            assert (then.session, then.resource, then.deployment) == (
                world.session,
                world.resource,
                world.deployment,
            )
            row = await sessions.session_row(log, session, position)
            assert row is None or (row.phase, row.resource) == (world.session.phase, world.session.resource)
        rows = {row.session: row async for row in sessions.session_rows(log, until=position)}
        single = {id_: await sessions.session_row(log, id_, position) for id_ in worlds}
        assert rows == {id_: row for id_, row in single.items() if row is not None}
        held = {row.resource: row.phase async for row in resources.resource_rows(log, until=position)}
        known = {w.session.resource: w.resource.phase for w in worlds.values() if w.resource.provider}
        assert held == known
    assert len(outside.provider.calls) == calls


async def test_what_it_counts_against():
    """The pool is as full as it was."""
    outside = Outside(provider=ProviderThatOnlyWatches(MemorySettings(maximum_sessions=5)))
    await lives(outside)
    log = MemoryEventLog(outside.clock, shared_with=outside.log)
    facts = [record for record in await log.read_all() if record.stream == "pool:memory"]
    used = 0
    for record in facts:
        used += 1 if record.name == "allowance.reserved" else -1
        told = [row.session async for row in sessions.session_rows(log, until=record.position + 9)]
        then = await replay_until(log, told[-1], record.position)
        assert (
            then.allowances.get("pool:memory") is None
            or then.allowances["pool:memory"].used("sessions") == used
        )


async def test_why_it_was_allowed():
    """Groups, digest, and the record of the configuration that was in force at the request."""
    outside = Outside(provider=ProviderThatOnlyWatches())
    house = outside.house()
    await house.start(outside.request())
    await house.record_configuration()
    request = outside.request(groups=("students",))
    await house.start(request)
    told = await replay(outside.log, request.session)
    await house.close()
    assert (told.groups, told.configuration) == (("students",), "digest")
    assert told.loaded is not None
    assert (told.loaded.name, told.loaded.stream) == ("configuration.loaded", "configuration:hub")


async def test_a_restarted_hub_tells_the_same():
    """Steps and times come from the log, not from who watched."""
    outside = Outside(provider=ProviderThatOnlyWatches())
    house = outside.house()
    request = outside.request()
    await house.start(request)
    before = progress_of(request.session, await SessionRecords(outside.log, request.session).now())
    await house.close()
    log = MemoryEventLog(outside.clock, shared_with=outside.log)
    assert progress_of(request.session, await SessionRecords(log, request.session).now()) == before
