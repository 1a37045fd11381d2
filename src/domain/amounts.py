"""What a session takes of something shared."""

from math import floor

from .values import Amount, Hardware

_ROUNDING = 1e-9
"""Part of an amount that may lack: sums of tenths are not exact on a computer."""


def amounts(hardware: Hardware) -> tuple[Amount, ...]:
    """One session, and of the hardware what was chosen."""
    chosen = (("cpu", hardware.cpu), ("memory", hardware.memory), ("gpu", hardware.gpu))
    return (Amount("sessions", 1), *(Amount(of, quantity) for of, quantity in chosen if quantity))


def rooms(wanted: Amount, free: float) -> int:
    """How many times an amount fits into what is free of it."""
    return max(floor(free / wanted.quantity + _ROUNDING), 0)
