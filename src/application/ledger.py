"""The ledger: worlds loaded from the event log, commands decided and appended to it."""

from collections.abc import Iterable, Mapping, Sequence

from attrs import evolve as change
from attrs import field, frozen

from ..domain.allowance import Allowance
from ..domain.plan import consequences
from ..domain.session import Session
from ..domain.session import evolve as evolve_session
from ..domain.world import Command, Decided, ForAllowance, World, decide, evolve
from .ports.event_log import Change, Clash, EventLog, Origin
from .views.shared import Shared
from .waiting import waiting_for_log


@frozen
class Known:
    """A world and how many facts each of its streams had when it was loaded.

    Of what it counts against it has only what the commands recorded last were about.
    """

    world: World
    versions: Mapping[str, int] = field(factory=dict)


class Ledger:
    """Decides on what the log says and appends what follows."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._shared = Shared(log)

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

    async def allowance(self, stream: str) -> Allowance:
        """What is taken of something shared now. Raises LogUnavailable, LogDamaged."""
        async with self._shared.in_turn((stream,)):
            return (await self._shared.now(stream)).allowance

    async def world(self, resource_id: str) -> Known:
        """A resource's world as it is now. Raises LogUnavailable, LogDamaged."""
        known = await self._more(Known(World(resource_id)), (f"resource:{resource_id}",))
        session_id = known.world.resource.session or ""
        known = change(known, world=change(known.world, session_id=session_id))
        known = await self._more(known, _streams("session", session_id))
        deployment_id = known.world.session.deployment or ""
        known = change(known, world=change(known.world, deployment_id=deployment_id))
        return await self._more(known, _streams("deployment", deployment_id))

    async def as_named(self, named: World) -> Known:
        """The world with the same ids as `named`, as it is now. Raises LogUnavailable, LogDamaged."""
        fresh = World(named.resource_id, named.session_id, named.deployment_id)
        return await self._more(Known(fresh), fresh.streams)

    async def record(self, known: Known, commands: Sequence[Command], origin: Origin) -> Known:
        """Append what follows from commands, and its consequences, all or nothing; the world after it.

        On a clash the world is loaded and decided again. Raises Refusal, LogUnavailable, LogDamaged.
        """
        shared = {command.stream for command in commands if isinstance(command, ForAllowance)}
        async with self._shared.in_turn(shared):
            while True:
                try:
                    return await self._append(await self._with_shared(known, shared), commands, origin)
                except Clash:
                    known = await self.as_named(known.world)

    async def record_surely(self, known: Known, commands: Sequence[Command], origin: Origin) -> Known:
        """Like `record`, but wait for a log that is away: what happened must not be lost."""
        async for attempt in waiting_for_log():
            with attempt:
                return await self.record(known, commands, origin)
        raise AssertionError("unreachable: attempts are not limited")

    async def _append(self, known: Known, commands: Sequence[Command], origin: Origin) -> Known:
        decided = _settle(commands, known.world)
        if not decided.facts:
            return known
        versions = dict(known.versions)
        changes = [Change(name, versions.get(name, 0), facts) for name, facts in decided.facts.items()]
        records = await self._log.append(changes, origin)
        return Known(decided.world, versions | {record.stream: record.version for record in records})

    async def _with_shared(self, known: Known, shared: Iterable[str]) -> Known:
        now = {stream: await self._shared.now(stream) for stream in shared}
        world = change(known.world, allowances={stream: each.allowance for stream, each in now.items()})
        return Known(world, {**known.versions, **{stream: each.version for stream, each in now.items()}})

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
