"""From what a user asks for to one offer and a selection within it, or a refusal."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from attrs import field, frozen

from ..refusals import Refusal
from ..values import Hardware, OptionValue, Selection
from .gathering import Gathered
from .naming import called
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

    It is the first one in the order of the request; the others, up to 100, are in its `also`.

    Nothing asked for (None or `{}`) means what is remembered (an earlier request) if that is still allowed,
    else the only offer there is.
    """
    allowed = visible(offers, user, groups)
    if request is not None and not isinstance(request, Mapping):
        raise BadType("", request, "an object such as {'offer': …}")
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
    fitting = called(allowed).get(asked, ())
    if not fitting:
        raise UnknownOffer(asked, ids)
    if len(fitting) > 1:
        raise AmbiguousOffer(asked, [offer.id for offer in fitting])
    return fitting[0]


def _within_offer(offer: Offer, request: Mapping[str, object]) -> Choice:
    refused = Gathered()
    inner = refused.attempt(_inner, offer, request)
    hardware = refused.attempt(_hardware, offer, request)
    lifetime = refused.attempt(_lifetime, offer, request)
    options = refused.attempt(_options, offer, request)
    refused.settle(_places(request))
    return Choice(offer, Selection(offer.id, hardware, lifetime, options), inner)


def _places(request: Mapping[str, object]) -> Iterator[object]:
    """What can be refused in a request, in its order."""
    for key, value in request.items():
        yield key
        if isinstance(value, Mapping):
            yield from (f"{key}.{part}" for part in value)


def _inner(offer: Offer, request: Mapping[str, object]) -> Mapping[str, Any]:
    inner = {key: value for key, value in request.items() if key not in OURS}
    own = offer.inner_options if isinstance(offer.inner_options, tuple) else ()
    refused = Gathered()
    refused.add(UnknownKey("", key, OURS + own) for key in inner if not _passes(offer, key))
    refused.settle()
    return inner


def _passes(offer: Offer, key: object) -> bool:
    return isinstance(key, str) and offer.passes(key)


def _hardware(offer: Offer, request: Mapping[str, object]) -> Hardware:
    return offer.hardware.choose(_mapping("hardware", request))


def _lifetime(offer: Offer, request: Mapping[str, object]) -> int | None:
    return offer.lifetime.accept(request["lifetime"]) if "lifetime" in request else offer.lifetime.absent()


def _mapping(key: str, request: Mapping[str, object]) -> Mapping[str, object]:
    value = request.get(key, {})
    if not isinstance(value, Mapping):
        raise BadType(key, value, "an object")
    return value


def _options(offer: Offer, request: Mapping[str, object]) -> tuple[tuple[str, OptionValue], ...]:
    asked = _mapping("options", request)
    known = {option.name: option for option in offer.options}
    refused = Gathered()
    refused.add(UnknownOption("options", name, known) for name in asked if name not in known)
    found = {
        name: refused.attempt(option.accept, asked[name]) if name in asked else refused.attempt(option.absent)
        for name, option in sorted(known.items())
    }
    refused.settle()
    return tuple(found.items())
