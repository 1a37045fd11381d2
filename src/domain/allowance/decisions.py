"""Which facts follow from a command to an allowance."""

from ..amounts import rooms
from .commands import AllowanceCommand, Reserve, Return
from .events import AllowanceFact, AllowanceReserved, AllowanceReturned
from .refusals import PoolFull
from .state import Allowance


def decide(command: AllowanceCommand, state: Allowance) -> tuple[AllowanceFact, ...]:
    """Facts that follow; none when it is already so; a refusal when it would be exceeded."""
    match command:
        case Reserve():
            return _reserve(command, state)
        case Return(resource):
            return (AllowanceReturned(resource),) if resource in state.reservations else ()


def _reserve(command: Reserve, state: Allowance) -> tuple[AllowanceFact, ...]:
    if command.resource in state.reservations:
        return ()
    limits = {limit.of: limit.quantity for limit in command.limits}
    for wanted in command.amounts:
        if wanted.of not in limits:
            continue
        free = limits[wanted.of] - state.used(wanted.of)
        if not rooms(wanted, free):
            raise PoolFull(wanted, free)
    return (AllowanceReserved(command.resource, command.amounts, command.since),)
