"""From what a user asks for to one offer and a selection within it, or a refusal."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from attrs import field, frozen

from ..refusals import Refusal
from ..values import OptionValue, Selection
from .offer import Offer
from .refusals import (
    AmbiguousOffer,
    BadType,
    NoOffer,
    OfferRequired,
    UnknownKey,
    UnknownOffer,
    UnknownOption,
)

OURS = ("offer", "hardware", "lifetime", "options")
"""Keys of a request that are not the inner spawner's."""


@frozen
class Choice:
    """What is to be started."""

    offer: Offer
    selection: Selection
    inner: Mapping[str, Any] = field(factory=dict)
    """The inner spawner's part of the request."""


def visible(offers: Iterable[Offer], user: str, groups: Collection[str]) -> tuple[Offer, ...]:
    """The offers that a user may choose, in the same order."""
    return tuple(offer for offer in offers if offer.allows(user, groups))


def choose(
    request: Mapping[str, object] | None,
    remembered: Mapping[str, object] | None,
    offers: Iterable[Offer],
    user: str,
    groups: Collection[str],
) -> Choice:
    """What the request means for this user; raises a Refusal for everything else.

    Nothing asked for (None or `{}`) means what is remembered (an earlier request) if that is still allowed,
    else the only offer there is.
    """
    allowed = visible(offers, user, groups)
    if request is not None and not isinstance(request, Mapping):
        raise BadType("The request", request, "an object such as {'offer': …}")
    if not allowed:
        raise NoOffer
    if not request and isinstance(remembered, Mapping) and remembered:
        try:
            return _within_offer(_offer(remembered, allowed), remembered)
        except Refusal:
            pass  # what was allowed then may not be now: as if nothing were remembered
    asked: Mapping[str, object] = request or {}
    return _within_offer(_offer(asked, allowed), asked)


def _offer(request: Mapping[str, object], allowed: Sequence[Offer]) -> Offer:
    ids = [offer.id for offer in allowed]
    if "offer" not in request:
        if len(allowed) > 1:
            raise OfferRequired(ids)
        return allowed[0]
    asked = request["offer"]
    if not isinstance(asked, str):
        raise BadType("offer", asked, "the id of an offer")
    by_id = [offer for offer in allowed if offer.id == asked]
    fitting = by_id or [offer for offer in allowed if asked in (offer.name, offer.entry)]
    if not fitting:
        raise UnknownOffer(asked, ids)
    if len(fitting) > 1:
        raise AmbiguousOffer(asked, [offer.id for offer in fitting])
    return fitting[0]


def _within_offer(offer: Offer, request: Mapping[str, object]) -> Choice:
    inner = _inner(offer, request)
    selection = Selection(
        offer=offer.id,
        hardware=offer.hardware.choose(_mapping("hardware", request)),
        lifetime=offer.lifetime.accept(request["lifetime"])
        if "lifetime" in request
        else offer.lifetime.absent(),
        options=_options(offer, _mapping("options", request)),
    )
    return Choice(offer, selection, inner)


def _inner(offer: Offer, request: Mapping[str, object]) -> Mapping[str, Any]:
    inner: dict[str, Any] = {}
    for key, value in request.items():
        if key in OURS:
            continue
        if not isinstance(key, str) or not offer.passes(key):
            own = offer.inner_options if isinstance(offer.inner_options, tuple) else ()
            raise UnknownKey("The request", key, OURS + own)
        inner[key] = value
    return inner


def _mapping(key: str, request: Mapping[str, object]) -> Mapping[str, object]:
    value = request.get(key, {})
    if not isinstance(value, Mapping):
        raise BadType(key, value, "an object")
    return value


def _options(offer: Offer, asked: Mapping[str, object]) -> tuple[tuple[str, OptionValue], ...]:
    known = {option.name: option for option in offer.options}
    for name in asked:
        if name not in known:
            raise UnknownOption("options", name, known)
    return tuple(
        (name, known[name].accept(asked[name]) if name in asked else known[name].absent())
        for name in sorted(known)
    )
