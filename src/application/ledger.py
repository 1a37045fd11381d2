"""The ledger: worlds loaded from the event log, commands decided and appended to it."""

from collections.abc import Iterable, Mapping, Sequence

import stamina
from attrs import evolve as change
from attrs import field, frozen

from ..domain.allowance import Allowance
from ..domain.plan import consequences
from ..domain.session import Session
from ..domain.session import evolve as evolve_session
from ..domain.world import Command, Decided, World, decide, evolve
from .ports.event_log import Change, Clash, EventLog, LogUnavailable, Origin


@frozen
class Known:
    """A world and how many facts each of its streams had when it was loaded."""

    world: World
    versions: Mapping[str, int] = field(factory=dict)


class Ledger:
    """Decides on what the log says and appends what follows."""

    def __init__(self, log: EventLog) -> None:
        self._log = log

    @property
    def owner(self) -> str:
        """The log's owner id."""
        return self._log.owner

    async def session(self, session_id: str) -> Session:
        """One session as it is now; a new one if the log doesn't know it. Raises LogUnavailable."""
        state = Session()
        for record in await self._log.read(f"session:{session_id}"):
            state = evolve_session(state, record.fact)  # type: ignore[arg-type]
        return state

    async def world(self, resource_id: str) -> Known:
        """A resource's world as it is now. Raises LogUnavailable, LogDamaged."""
        known = await self._more(Known(World(resource_id)), (f"resource:{resource_id}",))
        session_id = known.world.resource.session or ""
        known = change(known, world=change(known.world, session_id=session_id))
        known = await self._more(known, _streams("session", session_id))
        deployment_id = known.world.session.deployment or ""
        known = change(known, world=change(known.world, deployment_id=deployment_id))
        shared = known.world.resource.allowances
        return await self._more(known, (*_streams("deployment", deployment_id), *shared))

    async def as_named(self, named: World) -> Known:
        """The world of the same streams as `named`, as it is now. Raises LogUnavailable, LogDamaged."""
        ids = World(named.resource_id, named.session_id, named.deployment_id)
        fresh = change(ids, allowances={stream: Allowance() for stream in named.allowances})
        return await self._more(Known(fresh), fresh.streams)

    async def record(self, known: Known, commands: Sequence[Command], origin: Origin) -> Known:
        """Append what follows from commands, and its consequences, all or nothing; the world after it.

        On a clash the world is loaded and decided again. Raises Refusal, LogUnavailable, LogDamaged.
        """
        while True:
            decided = _settle(commands, known.world)
            if not decided.facts:
                return known
            versions = dict(known.versions)
            changes = [Change(name, versions.get(name, 0), facts) for name, facts in decided.facts.items()]
            try:
                records = await self._log.append(changes, origin)
            except Clash:
                known = await self.as_named(known.world)
                continue
            return Known(decided.world, versions | {record.stream: record.version for record in records})

    async def record_surely(self, known: Known, commands: Sequence[Command], origin: Origin) -> Known:
        """Like `record`, but wait for a log that is away: what happened must not be lost."""
        async for attempt in stamina.retry_context(
            on=LogUnavailable, attempts=None, timeout=None, wait_initial=0.2, wait_max=30
        ):
            with attempt:
                return await self.record(known, commands, origin)
        raise AssertionError("unreachable: attempts are not limited")

    async def _more(self, known: Known, streams: Iterable[str]) -> Known:
        world, versions = known.world, dict(known.versions)
        for stream in streams:
            records = await self._log.read(stream)
            world = evolve(world, stream, (record.fact for record in records))
            versions[stream] = len(records)
        return Known(world, versions)


def _streams(kind: str, id_: str) -> tuple[str, ...]:
    return (f"{kind}:{id_}",) if id_ else ()


def _settle(commands: Sequence[Command], world: World) -> Decided:
    decided = decide(commands, world)
    return decide(consequences(decided.world), decided.world, decided.facts)
