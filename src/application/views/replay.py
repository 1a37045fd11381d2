"""What was true at a past time of a session and of all that belongs to it, and why it was allowed."""

from collections.abc import Mapping
from datetime import datetime

from attrs import frozen

from ...domain.allowance import Allowance, AllowanceFact, fold
from ...domain.configuration import ConfigurationLoaded
from ...domain.deployment import Deployment
from ...domain.resource import Resource
from ...domain.session import Session, SessionRequested
from ...domain.world import World, evolve
from ..ports.event_log import EventLog, Record
from .ids import whole_id
from .reading import SessionRecords, pages_of_stream, position_at


@frozen
class Replayed:
    """A session and what belongs to it, as the log told at one position; what it did not tell of is new."""

    session_id: str
    position: int
    """The last position that counts."""
    session: Session
    resource_id: str | None
    resource: Resource
    deployment_id: str | None
    deployment: Deployment
    allowances: Mapping[str, Allowance]
    """By stream: all that counts against what this session counts against."""
    loaded: Record | None
    """The `configuration.loaded` that was in force when it was requested; None where the log has none."""
    records: tuple[Record, ...]
    """What it follows from, without those of the allowances, in order."""

    @property
    def groups(self) -> tuple[str, ...]:
        """The user's groups when it was requested."""
        return self.session.groups

    @property
    def configuration(self) -> str:
        """Digest of the configuration that allowed it."""
        return self.session.configuration


async def replay(log: EventLog, session_id: str, at: datetime | None = None) -> Replayed:
    """The session (whole id, or as much of it as names only one) as it was at a time; None for now.

    Asks nothing but the log. Raises IdUnknown, IdAmbiguous, LogUnavailable, LogDamaged.
    """
    found = await whole_id(log, "session", session_id)
    return await replay_until(log, found, await (log.position() if at is None else position_at(log, at)))


async def replay_until(log: EventLog, session_id: str, position: int) -> Replayed:
    """The session (whole id) as it was at a position."""
    records = await SessionRecords(log, session_id, position).now()
    world = World("")
    for record in records:
        world = evolve(world, record.stream, (record.fact,))
    return Replayed(
        session_id=session_id,
        position=position,
        session=world.session,
        resource_id=world.session.resource,
        resource=world.resource,
        deployment_id=world.session.deployment,
        deployment=world.deployment,
        allowances={stream: await _allowance(log, stream, position) for stream in world.resource.allowances},
        loaded=await _loaded(log, records),
        records=records,
    )


async def _allowance(log: EventLog, stream: str, position: int) -> Allowance:
    allowance = Allowance()
    async for page in pages_of_stream(log, stream, until=position):
        facts = (record.fact for record in page)
        allowance = fold(allowance, (fact for fact in facts if isinstance(fact, AllowanceFact)))
    return allowance


async def _loaded(log: EventLog, records: tuple[Record, ...]) -> Record | None:
    """The last that was accepted with the session's digest before its request, else the first with it."""
    requested = next((record for record in records if isinstance(record.fact, SessionRequested)), None)
    if requested is None or not isinstance(requested.fact, SessionRequested):
        return None
    loaded: Record | None = None
    stream = f"configuration:{requested.fact.server.hub}"
    async for page in pages_of_stream(log, stream, until=requested.position):
        for record in page:
            if _has(record, requested.fact.configuration) and (_was_accepted(record) or loaded is None):
                loaded = record
    return loaded


def _has(record: Record, digest: str) -> bool:
    return isinstance(record.fact, ConfigurationLoaded) and record.fact.digest == digest


def _was_accepted(record: Record) -> bool:
    return isinstance(record.fact, ConfigurationLoaded) and record.fact.result == "accepted"
