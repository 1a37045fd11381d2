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
from .refusals import (
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
    "PoolFull",
    "Reserve",
    "Return",
    "decide",
    "evolve",
    "fold",
]
