"""What is told of offers as JSON, kept as long as the configuration is the same."""

import json
from collections.abc import Iterable, Iterator
from typing import Any, Self

from attrs import field, frozen

from .....domain.offers import Offer, schema
from .choosers import Chooser
from .models import offer_model

MOST = 32
"""Audiences (users who may choose the same offers) whose schemas are kept: some 1 KB an offer each."""

_KEY = "multiplespawner_texts"


@frozen
class Texts:
    """Of one configuration. Made anew each time, 500 offers would hold up the hub's other work."""

    configuration: str
    """Its digest."""
    _offers: dict[str, str] = field(factory=dict)
    _schemas: dict[Any, str] = field(factory=dict)

    @classmethod
    def of(cls, settings: dict[str, Any], configuration: str) -> Self:
        """Those that a hub keeps among its handlers' settings."""
        if settings.get(_KEY, cls("")).configuration != configuration:
            settings[_KEY] = cls(configuration)
        found: Self = settings[_KEY]
        return found

    def offer(self, offer: Offer) -> str:
        """An offer without its availability."""
        if offer.id not in self._offers:
            self._offers[offer.id] = json.dumps(offer_model(offer))
        return self._offers[offer.id]

    def schema(self, known: Chooser) -> str:
        """The schema of what a user may send."""
        audience = (known.may_say_nothing, tuple(offer.id for offer in known.offers))
        text = self._schemas.get(audience)
        if text is None:
            text = "".join(pieces(schema(known.offers, empty=known.may_say_nothing), 2))
            # other threads do the same: what was put there may be gone at once
            if len(self._schemas) >= MOST:
                self._schemas.clear()
            self._schemas[audience] = text
        return text


def pieces(value: Any, apart: int) -> Iterator[str]:
    """JSON of a value; `apart` levels are written part by part: no other thread runs while one is written."""
    if apart and isinstance(value, dict):
        yield from _row("{", ((f"{json.dumps(key)}: ", part) for key, part in value.items()), "}", apart)
    elif apart and isinstance(value, list):
        yield from _row("[", (("", part) for part in value), "]", apart)
    else:
        yield json.dumps(value)


def _row(begin: str, parts: Iterable[tuple[str, Any]], end: str, apart: int) -> Iterator[str]:
    yield begin
    for number, (key, part) in enumerate(parts):
        yield f", {key}" if number else key
        yield from pieces(part, apart - 1)
    yield end
