"""What happened, a line for each fact."""

import asyncio
import sys
from collections.abc import AsyncIterator
from datetime import datetime

import typer
from attrs import define, frozen

from ....application.ports.event_log import EventLog, LogUnavailable
from ....application.views.history import History, Told
from ....application.views.ids import whole_id
from ....application.views.wanted import Wanted
from ....bootstrap.reading import Reading
from .documents import document, in_short, json_text
from .people import People
from .report import clean
from .screen import Screen, cell, local, short

AGAIN = 1.0
"""Seconds until a log that was away is asked again."""

TROUBLE = ("failed", "lost")
"""How the names of facts end that tell of it."""


@frozen(kw_only=True)
class Asked:
    """What of the log was asked for, as people say it; empty means all."""

    user: str = ""
    session: str = ""
    resource: str = ""
    names: tuple[str, ...] = ()
    since: datetime | None = None
    last: int | None = None
    follow: bool = False
    json: bool = False

    async def wanted(self, log: EventLog, people: People) -> Wanted:
        """The same by ids. Raises IdUnknown, IdAmbiguous, NotFound, UserNamesUnavailable."""
        return Wanted(
            users=await people.meant(self.user) if self.user else None,
            session=await whole_id(log, "session", self.session) if self.session else None,
            resource=await whole_id(log, "resource", self.resource) if self.resource else None,
            names=self.names,
            since=self.since,
            last=self.last,
        )


async def tell(reading: Reading, asked: Asked) -> int:
    """Tell what happened, and with `follow` what happens, until interrupted; the exit status."""
    people = People(reading.names)
    history = History(reading.log, await asked.wanted(reading.log, people))
    teller = _Teller(Screen(), people, asked.json, asked.follow)
    now = await reading.log.position()
    await teller.tell(history.until(now))
    while asked.follow:
        try:
            await teller.tell(history.after(max(now, teller.position)))
        except LogUnavailable as error:
            # a database that is started again is back in a moment
            typer.echo(clean(f"{error}; trying again"), err=True)
            await asyncio.sleep(AGAIN)
    return 0


@define
class _Teller:
    screen: Screen
    people: People
    json: bool
    at_once: bool
    """Whether somebody waits for each line."""
    position: int = 0
    """Of the last record that was told."""

    async def tell(self, history: AsyncIterator[Told]) -> None:
        async for told in history:
            self.position = told.record.position
            subject = told.subject
            if self.json:
                name = await self.people.name(subject.hub, subject.user)
                sys.stdout.write(json_text(document(told, name)) + "\n")
            else:
                self._line(told, await self.people.called(subject.hub, subject.user))
            if self.at_once:
                sys.stdout.flush()

    def _line(self, told: Told, user: str) -> None:
        record, subject = told.record, told.subject
        self.screen.print_cells(
            (cell(local(record.time), 24), "dim"),
            (cell(record.name, 34), "red" if record.name.endswith(TROUBLE) else ""),
            (cell(short(subject.session), 8), "cyan"),
            (cell(short(subject.resource), 8), "blue"),
            (cell(user, 12), "bold"),
            (cell(subject.provider or "", 8), ""),
            (clean(in_short(record.fact)), ""),
        )
