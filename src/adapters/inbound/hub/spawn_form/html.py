"""The HTML of the form, with its style and script: nothing comes from outside."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, Template

from .....domain.offers import Offer
from .again import AGAIN
from .cards import Last, cards, links
from .complaints import complaints
from .filling import Filling
from .surroundings import Surroundings

FIND_FROM = 7
"""So many offers are searched rather than read."""

REFUSED = 'id="ms-errors"'
"""What a form has that tells what is wrong with it; no name can bring it in, since quotes are escaped."""

CALLED_OFF = (
    '<p class="alert alert-info" id="called-off" role="status">'
    "The start was cancelled. Nothing of it is left running.</p>"
)
"""Above the form, until the next start."""


def form(
    offers: Sequence[Offer],
    filling: Filling,
    before: Last | None,
    now: datetime,
    free: Mapping[str, str],
    surroundings: Surroundings,
) -> str:
    """The form of these offers, filled; may take longer than an event loop should wait.

    `before`: what can be started again. `free`: words by offer id, of those of which it is known.
    """
    wrong = complaints(filling.refusals, filling.offer)
    made, known = cards(offers, filling, wrong, now)
    return _template().render(
        cards=made,
        sets=known.sets,
        last=before,
        again=AGAIN,
        complaints=links(made, wrong),
        free=free,
        filters=_filters(offers) if len(offers) >= FIND_FROM else None,
        link=lambda offer: urlencode({"offer": offer, **surroundings.kept}),
        administration=surroundings.administration,
    )


def _filters(offers: Sequence[Offer]) -> list[tuple[str, str, list[str]]]:
    """By what the offers differ: the part of a card, its title and its values."""
    parts = {"type": "Type", "provider": "Provider"}
    values = {part: sorted({getattr(offer, part) for offer in offers}) for part in parts}
    return [(part, title, values[part]) for part, title in parts.items() if len(values[part]) > 1]


@cache
def _template() -> Template:
    here = Path(__file__).parent
    # what is filled in comes from users and administrators
    environment = Environment(
        loader=FileSystemLoader(here), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    own: dict[str, Any] = {
        name: (here / f"form.{ending}").read_text(encoding="utf-8")
        for name, ending in (("style", "css"), ("script", "js"))
    }
    return environment.get_template("form.html", globals=own)
