"""Allowance: what is left of something shared."""

from .commands import (
    AllowanceCommand,
    Reserve,
    Return,
)
from .decisions import (
    decide,
)
from .events import (
    AllowanceFact,
    AllowanceReserved,
    AllowanceReturned,
)
from .placing import (
    Member,
    fitting,
    member_of,
    place,
    stream_of,
)
from .refusals import (
    NoMachineFits,
    NoMachineUsable,
    PoolFull,
)
from .state import (
    Allowance,
    evolve,
    fold,
)

__all__ = [
    "Allowance",
    "AllowanceCommand",
    "AllowanceFact",
    "AllowanceReserved",
    "AllowanceReturned",
    "Member",
    "NoMachineFits",
    "NoMachineUsable",
    "PoolFull",
    "Reserve",
    "Return",
    "decide",
    "evolve",
    "fitting",
    "fold",
    "member_of",
    "place",
    "stream_of",
]
