"""What a request may call an offer: its id, or its name or entry while that fits no other one."""

from collections.abc import Iterable, Mapping, Sequence

from .offer import Offer


def called(offers: Iterable[Offer]) -> Mapping[str, Sequence[Offer]]:
    """The offers that each text may mean; an id counts before names and entries."""
    by_id: dict[str, list[Offer]] = {}
    by_name: dict[str, list[Offer]] = {}
    for offer in offers:
        by_id.setdefault(offer.id, []).append(offer)
        for name in {offer.name, offer.entry}:
            by_name.setdefault(name, []).append(offer)
    return {**by_name, **by_id}


def names(offers: Sequence[Offer]) -> tuple[tuple[str, ...], ...]:
    """For each offer the texts that mean it and no other, its id first."""
    meant = called(offers)
    return tuple(
        tuple(
            name
            for name in dict.fromkeys((offer.id, offer.name, offer.entry))
            if len(meant[name]) == 1 and meant[name][0] is offer
        )
        for offer in offers
    )
