"""What a session takes of something shared."""

from .values import Amount, Hardware


def amounts(hardware: Hardware) -> tuple[Amount, ...]:
    """One session, and of the hardware what was chosen."""
    chosen = (("cpu", hardware.cpu), ("memory", hardware.memory), ("gpu", hardware.gpu))
    return (Amount("sessions", 1), *(Amount(of, quantity) for of, quantity in chosen if quantity))
