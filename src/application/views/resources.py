"""The resources that are held, or ever were, one row each."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Self

from attrs import evolve as change
from attrs import frozen

from ...domain.resource import (
    Resource,
    ResourceFact,
    ResourcePhase,
    ResourceProvisioned,
    ResourceReleased,
    evolve,
)
from ...domain.values import Hardware
from ..ports.event_log import EventLog, Record
from .lives import life, lives
from .open_resources import OpenResources

NAMES = (
    "resource.requested",
    "resource.created",
    "resource.provisioned",
    "resource.provisioning_failed",
    "resource.kept",
    "resource.claimed",
    "resource.suspended",
    "resource.resumed",
    "resource.release_requested",
    "resource.release_failed",
    "resource.released",
    "resource.lost",
)


@frozen
class ResourceRow:
    """One resource as a table shows it; times in UTC, None where it has not happened."""

    resource: str
    provider: str
    type: str
    hardware: Hardware
    allocation: str
    """`provider` or `spawner`: who made it."""
    session: str | None
    """Whose it is or was last; None while it is kept."""
    phase: ResourcePhase
    requested: datetime
    provisioned: datetime | None
    released: datetime | None
    ids: tuple[str, ...]
    """All that the provider ever made for it, oldest first."""
    address: str | None
    kept_until: datetime | None
    code: str | None
    """Of the last failed attempt to provision it."""
    next_attempt: datetime | None
    """When it is tried again to provision or to release it."""


@frozen
class _Told:
    """What was told of one resource so far."""

    requested: datetime
    state: Resource
    provisioned: datetime | None = None
    released: datetime | None = None

    @property
    def is_over(self) -> bool:
        return self.released is not None

    def with_(self, record: Record) -> Self:
        if not isinstance(record.fact, ResourceFact):
            return self
        told = change(self, state=evolve(self.state, record.fact))
        match record.fact:
            case ResourceProvisioned():
                return change(told, provisioned=record.time)
            case ResourceReleased():
                return change(told, released=record.time)
        return told

    def row(self, resource_id: str) -> ResourceRow:
        state = self.state
        releasing = state.phase is ResourcePhase.RELEASING
        retry = state.release_retry if releasing else state.retry
        return ResourceRow(
            resource=resource_id,
            provider=state.provider,
            type=state.type,
            hardware=state.hardware,
            allocation=state.allocation,
            session=state.session,
            phase=state.phase,
            requested=self.requested,
            provisioned=self.provisioned,
            released=self.released,
            ids=state.ids,
            address=state.endpoint.address if state.endpoint else None,
            kept_until=state.kept_until,
            code=state.failure.code if state.failure else None,
            next_attempt=retry.not_before if retry and state.is_open else None,
        )


def _begun(time: datetime) -> _Told:
    return _Told(time, Resource())


async def resource_row(log: EventLog, resource_id: str, until: int | None = None) -> ResourceRow | None:
    """The row of one resource, as it was at the position `until` (None: now); None for an unknown one.

    Raises LogUnavailable, LogDamaged.
    """
    told = await life(log, f"resource:{resource_id}", _begun, until)
    return told.row(resource_id) if told else None


async def held_rows(log: EventLog) -> AsyncIterator[ResourceRow]:
    """What may be held now, as it was requested. Raises LogUnavailable, LogDamaged."""
    for resource_id in await OpenResources(log).held():
        row = await resource_row(log, resource_id)
        if row is not None and row.released is None:
            yield row


async def resource_rows(
    log: EventLog, since: datetime | None = None, until: int | None = None
) -> AsyncIterator[ResourceRow]:
    """Resources requested since a time (None: all), as they were at the position `until` (None: now).

    Each comes when it is released, then those that are held, as they were requested.
    Raises LogUnavailable, LogDamaged.
    """
    async for id_, told in lives(log, NAMES, _begun, since, until):
        yield told.row(id_)
