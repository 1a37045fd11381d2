"""What is taken of something shared."""

from collections.abc import Mapping

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
    match fact:
        case AllowanceReserved(resource, amounts):
            return Allowance({**state.reservations, resource: amounts})
        case AllowanceReturned(resource):
            return Allowance({r: a for r, a in state.reservations.items() if r != resource})
