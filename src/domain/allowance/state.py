"""What is taken of something shared."""

from collections.abc import Iterable, Mapping

from attrs import field, frozen

from ..values import Amount
from .events import AllowanceFact, AllowanceReserved, AllowanceReturned


@frozen
class Allowance:
    """What each resource has taken; what is still being released counts as used."""

    reservations: Mapping[str, tuple[Amount, ...]] = field(factory=dict)

    def used(self, of: str) -> float:
        """How much of one thing is taken."""
        return sum(a.quantity for amounts in self.reservations.values() for a in amounts if a.of == of)


def evolve(state: Allowance, fact: AllowanceFact) -> Allowance:
    """The allowance after one more fact."""
    return fold(state, (fact,))


def fold(state: Allowance, facts: Iterable[AllowanceFact]) -> Allowance:
    """The allowance after more facts; what is taken is copied once, however many they are."""
    reservations = dict(state.reservations)
    for fact in facts:
        match fact:
            case AllowanceReserved(resource, amounts):
                reservations[resource] = amounts
            case AllowanceReturned(resource):
                reservations.pop(resource, None)
    return Allowance(reservations)
