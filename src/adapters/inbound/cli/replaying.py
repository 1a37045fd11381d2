"""A session as it was at a time: its states, why it was allowed, and what led to it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from rich.table import Table
from rich.text import Text

from ....application.ports.event_log import Record
from ....application.views.replay import Replayed, replay
from ....application.views.steps import Step, steps_of
from ....bootstrap.reading import Reading
from ....domain.configuration import ConfigurationLoaded
from .documents import fields, in_short, json_text, leaves
from .finding import NotFound
from .people import People
from .report import clean
from .screen import Screen, lasted, local, table


async def show(reading: Reading, session: str, at: datetime | None, *, json: bool) -> int:
    """Say how it was; the exit status. Raises NotFound where there was no session yet."""
    then = at or datetime.now(UTC)
    found = await replay(reading.log, session, at)
    if not found.records:
        raise NotFound(f"session {found.session_id} was not requested before {local(then)}")
    server = found.session.server
    assert server is not None
    people = People(reading.names)
    if json:
        name = await people.name(server.hub, server.user)
        print(json_text({"at": then, **fields(found), "user_name": name, "steps": steps_of(found.records)}))
        return 0
    screen = Screen()
    user = await people.called(server.hub, server.user)
    screen.print(Text(clean(f"Session {found.session_id} of {user}, as it {_when(at)}"), "bold"))
    for title, part in _parts(found, then):
        if title:
            screen.print(Text(f"\n{title}", "bold"))
        screen.print(part)
    return 0


def _when(at: datetime | None) -> str:
    return "is now" if at is None else f"was at {local(at)}"


def _parts(found: Replayed, then: datetime) -> Iterator[tuple[str, Table]]:
    yield "", _said(found.session)
    yield "Why it was allowed", _said(_reasons(found))
    if found.resource_id is not None:
        yield f"Resource {found.resource_id}", _said(found.resource)
        yield f"Deployment {found.deployment_id}", _said(found.deployment)
    if found.allowances:
        yield "Allowances", _allowances(found)
    yield "Steps", _steps(steps_of(found.records), then)
    yield "What happened", _timeline(found.records)


def _said(what: Any) -> Table:
    made = table(("", ""), leaves(what))
    made.show_header = False
    return made


def _reasons(found: Replayed) -> dict[str, Any]:
    reasons = {"groups": found.groups or "none", "configuration": found.configuration}
    loaded = found.loaded
    if loaded is None or not isinstance(loaded.fact, ConfigurationLoaded):
        return {**reasons, "in force since": "the log does not tell"}
    return {
        **reasons,
        "in force since": loaded.time,
        "from": loaded.fact.files,
        "result": loaded.fact.result,
    }


def _allowances(found: Replayed) -> Table:
    rows = []
    for stream, allowance in found.allowances.items():
        own = allowance.reservations.get(found.resource_id or "", ())
        kinds = {amount.of for amounts in allowance.reservations.values() for amount in amounts}
        for kind in sorted(kinds):
            mine = sum(amount.quantity for amount in own if amount.of == kind)
            rows.append((stream, kind, f"{allowance.used(kind):g}", f"{mine:g}"))
    return table(("of", "what", "taken", "by this session"), rows)


def _steps(steps: tuple[Step, ...], then: datetime) -> Table:
    rows = (
        (
            each.name,
            each.state,
            local(each.began),
            lasted(timedelta(seconds=each.lasted(then))),
            each.code or "",
        )
        for each in steps
    )
    return table(("step", "state", "began", "took", "code"), rows)


def _timeline(records: tuple[Record, ...]) -> Table:
    gaps = ["", *(f"+{lasted(later.time - earlier.time)}" for earlier, later in pairwise(records))]
    rows = (
        (local(record.time), gap, record.name, record.actor, in_short(record.fact))
        for record, gap in zip(records, gaps, strict=True)
    )
    return table(("time", "after", "fact", "by", "carries"), rows)
