"""Refusals in the words of the form: it has labels, and cards where a request has names."""

from collections.abc import Iterable

from attrs import frozen

from .....domain.offers import AmbiguousOffer, Offer, OfferRequired, UnknownOffer
from .....domain.refusals import Refusal
from ..fields import fields_of


@frozen
class Complaint:
    """What is wrong with one part of what somebody entered."""

    place: str
    """Name of the field; another text where it is about the whole, or about what the form doesn't have."""
    words: str


def complaints(refusals: Iterable[Refusal], offer: Offer | None) -> tuple[Complaint, ...]:
    """The refusals, in their order, for somebody who fills the form of this offer."""
    labels = {field.name: field.label for field in fields_of(offer)} if offer is not None else {}
    return tuple(Complaint(each.place, _words(each, labels.get(each.place, ""))) for each in refusals)


def _words(refusal: Refusal, label: str) -> str:
    match refusal:
        case OfferRequired():
            return "Choose what to start."
        case UnknownOffer() | AmbiguousOffer():
            # the message goes on with all that can be chosen, which is what the form shows
            return f"{refusal.message.partition('. ')[0]}. Choose one of these."
    if not label:
        return refusal.message
    for name in (refusal.place, f"Option {refusal.place.removeprefix('options.')}"):
        if refusal.message.startswith(f"{name} "):
            return label + refusal.message.removeprefix(name)
    return f"{label}: {refusal.message}"
