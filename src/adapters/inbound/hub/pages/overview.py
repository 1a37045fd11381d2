"""What an administrator wants to know of a house: its configuration, its log, and what it holds."""

from datetime import datetime
from itertools import islice

from attrs import frozen

from .....application.house import House
from .....application.ports.custody import CustodyUnavailable
from .....application.ports.event_log import EventLog, LogDamaged, LogUnavailable
from .....domain.configuration import ConfigurationLoaded
from .....domain.values import Retry
from .....domain.world import World

MOST = 200
"""Resources that are looked at one by one, the oldest: each costs a millisecond or two."""


@frozen
class Held:
    """One resource that we may hold."""

    resource: str
    provider: str
    world: World | None
    """None where its records can't be read."""

    @property
    def runs(self) -> bool:
        """Whether it has a session that is not to end."""
        return self.world is not None and self.world.session.is_active and self.world.session.stop is None

    @property
    def failed(self) -> Retry | None:
        """The last attempt to give it back, if it failed."""
        if self.world is None:
            return None
        deployment = self.world.deployment
        return self.world.resource.release_retry or deployment.withdraw_retry or deployment.stop_retry


@frozen
class Holdings:
    """What the log says."""

    since: datetime | None
    """When the log was told that the present configuration is in force; None if it was not."""
    doubt: str | None
    """Why the log is only observed; None if it is trusted."""
    count: int
    """Resources that we may hold."""
    looked_at: tuple[Held, ...]

    @property
    def running(self) -> int:
        """Sessions that run or start, among those that were looked at."""
        return sum(held.runs for held in self.looked_at)

    @property
    def failed(self) -> tuple[Held, ...]:
        """Those that could not be given back so far."""
        return tuple(held for held in self.looked_at if held.failed is not None)


async def holdings(house: House) -> Holdings | None:
    """What the log says now; None where it can't be asked."""
    try:
        held = await house.resources.held()
        return Holdings(
            await in_force_since(house.ports.log, house.hub or "", house.ports.configurations.current.digest),
            await house.trust.doubt(),
            len(held),
            tuple([await _held(house, *each) for each in islice(held.items(), MOST)]),
        )
    except (LogUnavailable, LogDamaged, CustodyUnavailable):
        return None


async def in_force_since(log: EventLog, hub: str, digest: str) -> datetime | None:
    """When a hub's configuration last became one with this digest. Raises LogUnavailable, LogDamaged."""
    since: datetime | None = None
    for record in await log.read(f"configuration:{hub}"):
        said = record.fact.digest if isinstance(record.fact, ConfigurationLoaded) else ""
        since = (since or record.time) if said == digest else None
    return since


async def _held(house: House, resource: str, provider: str) -> Held:
    try:
        return Held(resource, provider, (await house.ledger.world(resource)).world)
    except LogDamaged:
        return Held(resource, provider, None)
