"""What `offers` answers: a table for people, JSON for programs."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import attrs
import typer
from rich.text import Text

from ....application.ports.configuration import Configuration
from ....bootstrap import load_configuration
from ....domain.offers import Offer, choose, offer_schema, schema, visible
from ....domain.offers.differences import Difference
from ....domain.offers.differences import differences as differences_of
from ....domain.offers.words import audience, hardware, lasts
from ....domain.refusals import Refusal
from .looking import settings
from .report import clean, problem_lines
from .screen import Screen, table

COLUMNS = ("id", "name", "type", "provider", "hardware", "lasts", "for")
MARKS = {
    "appears": ("+", "green", "new"),
    "vanishes": ("-", "red", "gone"),
    "changes": ("~", "yellow", "changed"),
}


@attrs.frozen
class Question:
    """Whose offers, and for whom the answer is."""

    user: str | None
    """Name; None for all that is offered."""
    groups: tuple[str, ...]
    json: bool

    def seen(self, offers: Iterable[Offer]) -> tuple[Offer, ...]:
        """Those that are asked for."""
        return tuple(offers) if self.user is None else visible(offers, self.user, self.groups)


def read(directory: Path, templates: str, deployments: str) -> tuple[Offer, ...]:
    """What the files offer; tells their errors and leaves with 1 if there are any."""
    return configured(directory, templates, deployments).offers


def configured(directory: Path, templates: str, deployments: str) -> Configuration:
    """What the files say; tells their errors and leaves with 1 if there are any."""
    found = load_configuration(settings(directory, templates=templates, deployments=deployments))
    if found.errors:
        lines = [line for problem in found.errors for line in problem_lines(problem)]
        Screen(stderr=True).print(Text("\n").join(lines))
        raise typer.Exit(1)
    return found


def offered(question: Question, offers: Iterable[Offer]) -> None:
    """Say what is offered: a table, or with JSON a list, for a user the schema of what they may send."""
    seen = question.seen(offers)
    if not question.json:
        Screen().print(table(COLUMNS, (_row(offer) for offer in seen)) if seen else "Nothing is offered.")
    elif question.user is None:
        _print([_document(offer) for offer in seen])
    else:
        _print(schema(seen, empty=_means_one(question, seen)))


def differences(question: Question, before: Iterable[Offer], after: Iterable[Offer]) -> None:
    """Say who would gain or lose what."""
    found = differences_of(question.seen(before), question.seen(after))
    if question.json:
        _print({"differences": [_changed(each, with_people=question.user is None) for each in found]})
        return
    lines = [line for each in found for line in _lines(each, with_people=question.user is None)]
    counts = (f"{sum(each.kind == kind for each in found)} {word}" for kind, (*_, word) in MARKS.items())
    Screen().print(
        Text("\n").join([*lines, Text(", ".join(counts) if found else "No differences that users notice.")])
    )


def _means_one(question: Question, seen: tuple[Offer, ...]) -> bool:
    try:
        choose({}, None, seen, question.user or "", question.groups)
    except Refusal:
        return False
    return True


def _row(offer: Offer) -> tuple[str, ...]:
    return (
        offer.id,
        offer.name,
        offer.type,
        offer.provider,
        hardware(offer.hardware),
        lasts(offer) or "until it is stopped",
        audience(offer),
    )


def _document(offer: Offer) -> dict[str, Any]:
    plain = ("id", "name", "description", "type", "provider", "template", "entry", "image", "groups", "users")
    return {
        **{name: getattr(offer, name) for name in plain},
        "schema": offer_schema(offer, (offer.id,)),
    }


def _changed(each: Difference, *, with_people: bool) -> dict[str, Any]:
    people = {"gains": attrs.asdict(each.gains), "loses": attrs.asdict(each.loses)}
    return {
        "offer": each.offer.id,
        "name": each.offer.name,
        "change": each.kind,
        **(people if with_people else {}),
        "changes": [attrs.asdict(change) for change in each.changes],
    }


def _lines(each: Difference, *, with_people: bool) -> Iterator[Text]:
    mark, style, _ = MARKS[each.kind]
    yield Text.assemble((f"{mark} ", style), (clean(each.offer.id), "bold"), "  ", clean(each.offer.name))
    for word, said in (("gains", each.gaining), ("loses", each.losing)):
        if said and with_people:
            yield _line(word, said)
    for change in each.changes:
        yield _line(change.what, f"{change.before or 'nothing'} → {change.after or 'nothing'}")
    yield Text()


def _line(word: str, said: str) -> Text:
    return Text.assemble("  ", (f"{clean(word):<14}", "dim"), " ", clean(said))


def _print(said: Any) -> None:
    typer.echo(json.dumps(said, indent=2))
