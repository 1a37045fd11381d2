"""What the form shows: each offer as a card, what is wrong, and what was started last."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from attrs import frozen

from .....domain.offers import Choice, Offer
from .....domain.offers.words import hardware_words, summary, value_words
from .complaints import Complaint
from .filling import Filling
from .sharing import FieldSets
from .showing import Shown, shown_fields

SENT_AT_MOST = 60
"""Fields that a form sends without JavaScript: tornado takes 100 parts of a form (6.6, httputil.py)."""


@frozen
class Ending:
    """The end of a session of so many minutes."""

    minutes: int
    time: datetime
    """UTC, to the minute."""
    words: str
    """The time, with its zone: who has no JavaScript reads it so."""


@frozen(kw_only=True)
class Card:
    """One offer."""

    id: str
    offer: Offer
    summary: str
    """What hardware it gives to whoever says nothing."""
    ending: Ending | None
    is_chosen: bool
    fields: tuple[Shown, ...] = ()
    shared: str = ""
    """Id of the template that has its fields, if they are not in the card."""


@frozen(kw_only=True)
class Last:
    """What was started last and may be started again."""

    mark: str
    """What the button sends, see `again.py`."""
    name: str
    summary: str
    ending: Ending | None
    options: tuple[tuple[str, str], ...]
    """Titles and values of those that are not as they would be anyway."""


def cards(
    offers: Sequence[Offer], filling: Filling, complaints: Sequence[Complaint], now: datetime
) -> tuple[list[Card], FieldSets]:
    """A card for each offer, the chosen one filled, and the fields that are in no card: those of too many."""
    known = FieldSets()
    is_long = sum(len(known.of(offer)) for offer in offers) > SENT_AT_MOST
    made = [
        _card(f"ms-{number}", offer, filling, complaints, now, known if is_long else None)
        for number, offer in enumerate(offers)
    ]
    return made, known if is_long else FieldSets()


def links(made: Iterable[Card], complaints: Sequence[Complaint]) -> list[tuple[str, str]]:
    """Complaints with the id of the control that each is about; an empty one where there is none."""
    ids = {field.field.name: field.id for card in made if card.is_chosen for field in card.fields}
    return [({"offer": "ms-0", **ids}.get(each.place, ""), each.words) for each in complaints]


def last(choice: Choice, mark: str, now: datetime) -> Last:
    """A choice in words, for the button that makes it again."""
    known = {option.name: option for option in choice.offer.options}
    return Last(
        mark=mark,
        name=choice.offer.name,
        summary=hardware_words(choice.selection.hardware),
        ending=ending(choice.selection.lifetime, now),
        options=tuple(
            (known[name].title or name, value_words(value))
            for name, value in choice.selection.options
            if value != known[name].default
        ),
    )


def ending(minutes: int | None, now: datetime) -> Ending | None:
    """When a session of so many minutes would end; None for no end."""
    if minutes is None:
        return None
    now = now.astimezone(UTC)
    time = (now + timedelta(minutes=minutes)).replace(second=0, microsecond=0)
    day = "" if time.date() == now.date() else f"{time:%Y-%m-%d} "
    return Ending(minutes, time, f"{day}{time:%H:%M} UTC")


def _card(
    card: str,
    offer: Offer,
    filling: Filling,
    complaints: Sequence[Complaint],
    now: datetime,
    known: FieldSets | None,
) -> Card:
    is_chosen = offer == filling.offer
    is_shared = known is not None and not is_chosen and bool(known.of(offer))
    said = (filling.texts, complaints) if is_chosen else ()
    return Card(
        id=card,
        offer=offer,
        summary=summary(offer),
        ending=ending(offer.lifetime.absent(), now),
        is_chosen=is_chosen,
        fields=() if is_shared else shown_fields(card, offer, *said),
        shared=known.id_of(offer) if known is not None and is_shared else "",
    )
