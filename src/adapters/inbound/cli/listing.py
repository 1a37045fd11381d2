"""Sessions and resources as tables, or a line of JSON for each."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from attrs import frozen

from ....application.views.resources import ResourceRow, held_rows, resource_rows
from ....application.views.sessions import SessionRow, session_rows
from ....application.views.wanted import Wanted
from ....bootstrap.reading import Reading
from ....domain.offers.words import hardware_words
from .documents import fields, json_text
from .people import People
from .screen import Screen, lasted, local, short, table

SESSIONS = ("session", "user", "offer", "state", "requested", "lasted", "until", "resource", "why")
RESOURCES = (
    *("resource", "provider", "type", "state", "requested"),
    *("held", "session", "hardware", "is", "trouble"),
)
"""Titles of the columns."""


@frozen(kw_only=True)
class Listed:
    """Which rows are asked for, and how."""

    all: bool
    """Those that are over, too."""
    user: str = ""
    since: datetime | None = None
    json: bool = False


async def list_sessions(reading: Reading, listed: Listed) -> int:
    """Say which sessions there are; the exit status."""
    people = People(reading.names)
    wanted = Wanted(users=await people.meant(listed.user) if listed.user else None)
    found = session_rows(reading.log, listed.since, active=not listed.all)
    rows = sorted(
        [row async for row in found if wanted.is_for(row.hub, row.user)], key=lambda row: row.requested
    )
    if listed.json:
        return _lines([{**fields(row), "user_name": await people.name(row.hub, row.user)} for row in rows])
    now = datetime.now(UTC)
    return _table(SESSIONS, [_session(row, await people.called(row.hub, row.user), now) for row in rows])


async def list_resources(reading: Reading, listed: Listed) -> int:
    """Say which resources are held; the exit status."""
    found = resource_rows(reading.log, listed.since) if listed.all else held_rows(reading.log)
    rows = sorted([row async for row in found], key=lambda row: row.requested)
    if listed.json:
        return _lines([fields(row) for row in rows])
    now = datetime.now(UTC)
    return _table(RESOURCES, [_resource(row, now) for row in rows])


def _session(row: SessionRow, user: str, now: datetime) -> tuple[str, ...]:
    return (
        short(row.session),
        user,
        row.offer,
        row.phase,
        local(row.requested),
        lasted((row.ended or now) - row.requested),
        local(row.deadline) if row.ended is None else local(row.ended),
        short(row.resource),
        " ".join(filter(None, (row.reason, row.message))),
    )


def _resource(row: ResourceRow, now: datetime) -> tuple[str, ...]:
    again = f"again at {local(row.next_attempt)}" if row.next_attempt else ""
    return (
        short(row.resource),
        row.provider,
        row.type,
        row.phase,
        local(row.requested),
        lasted((row.released or now) - row.requested),
        short(row.session),
        hardware_words(row.hardware),
        " ".join(filter(None, (*row.ids, row.address))),
        " ".join(filter(None, (row.code, again))),
    )


def _table(names: Iterable[str], rows: Iterable[tuple[str, ...]]) -> int:
    some = list(rows)
    Screen().print(table(names, some) if some else "None.")
    return 0


def _lines(documents: Iterable[dict[str, Any]]) -> int:
    for document in documents:
        print(json_text(document))
    return 0
