"""Fields of very many offers: most are alike, and no form may send them all."""

from attrs import define, evolve, field

from .....domain.offers import Offer
from .showing import Shown, shown_fields

ANY = "ms-any"
"""Id of a card in a set of fields that is for several."""


@define
class FieldSets:
    """Each set of fields once, whatever number of offers have it.

    In a set ids begin with `ms-any` in place of a card's, and names lack the offer's id at their end.
    """

    sets: dict[str, tuple[Shown, ...]] = field(factory=dict)
    """By the id of their template."""
    _ids: dict[object, str] = field(factory=dict)

    def id_of(self, offer: Offer) -> str:
        """The id of the set that an offer has."""
        alike = (offer.hardware, offer.lifetime, offer.options)
        if alike not in self._ids:
            self._ids[alike] = f"ms-set-{len(self._ids)}"
            self.sets[self._ids[alike]] = shown_fields(ANY, evolve(offer, id=""))
        return self._ids[alike]

    def of(self, offer: Offer) -> tuple[Shown, ...]:
        """The set that an offer has."""
        return self.sets[self.id_of(offer)]
