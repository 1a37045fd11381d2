"""The machines of pools as a table, or a line of JSON for each."""

import asyncio
import logging
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import typer

from ....application.ports.configuration import Configuration
from ....application.ports.event_log import EventLog
from ....bootstrap import Settings
from ....bootstrap.hosts import HostRow, hosts_of
from ....bootstrap.reading import CannotRead, open_reading
from ....domain.values import Amount
from .documents import fields, json_text
from .looking import leave_with, settings
from .offering import configured
from .screen import Screen, table

COLUMNS = ("provider", "host", "address", "state", "has", "taken", "labels")
NOTHING = "No pool of machines is offered; `multiplespawner check` tells what is, and why not more."
UNITS = {"sessions": "sessions", "cpu": "CPU", "memory": "GiB", "gpu": "GPU"}


def list_hosts(directory: Path, event_log: str, templates: str, deployments: str, *, json: bool) -> None:
    """Say which machines there are, and leave."""
    where = settings(directory, event_log, templates=templates, deployments=deployments)
    found = configured(directory, templates, deployments)
    # what the pool logs is in the answer
    logging.getLogger("multiplespawner.hosts").addHandler(logging.NullHandler())
    leave_with(lambda: _list(found, where, json=json))


async def _list(found: Configuration, where: Settings, *, json: bool) -> int:
    log = await _log(where)
    try:
        hosts = await hosts_of(found, where.directory, log)
    finally:
        if log is not None:
            await log.close()
    if json:
        for row in hosts.rows:
            print(json_text(_document(row)))
    elif hosts.rows or not hosts.missing:
        Screen().print(table(COLUMNS, map(_cells, hosts.rows)) if hosts.rows else NOTHING)
    for error in hosts.missing:
        typer.echo(f"Not asked: {error}", err=True)
    return 1 if hosts.missing else 0


async def _log(where: Settings) -> EventLog | None:
    """The log, if there is one; nothing was ever taken by a hub that never ran."""
    try:
        return (await asyncio.to_thread(open_reading, where)).log
    except CannotRead as error:
        typer.echo(f"What is taken is not known. {error}", err=True)
        return None


def _document(row: HostRow) -> dict[str, Any]:
    amounts = {
        name: None if said is None else {amount.of: amount.quantity for amount in said}
        for name, said in (("capacity", row.capacity), ("taken", row.taken))
    }
    return {**fields(row), **amounts, "in_order": not row.trouble}


def _cells(row: HostRow) -> tuple[str, ...]:
    return (
        row.provider,
        row.name,
        row.address or "",
        row.trouble or "in order",
        _words(row.capacity, row.gpu_kind),
        "unknown" if row.taken is None else _words(row.taken, row.gpu_kind),
        ", ".join(f"{name}={value}" for name, value in row.labels.items()),
    )


def _words(amounts: Iterable[Amount], gpu_kind: str | None) -> str:
    units = {**UNITS, "gpu": f"GPU {gpu_kind}" if gpu_kind else "GPU"}
    said = (f"{amount.quantity:g} {units.get(amount.of, amount.of)}" for amount in amounts)
    return ", ".join("1 session" if each == "1 sessions" else each for each in said)
