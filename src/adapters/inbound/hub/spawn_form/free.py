"""Whether an offer can be had at once, in words."""

from collections.abc import Mapping
from datetime import timedelta
from math import ceil

from .....application.ports.provider import Availability

COUNTED = 9
"""Of so many that are free the number is told; more are as good as any number."""


def free_words(known: Mapping[str, Availability]) -> dict[str, str]:
    """By offer id; without those of which nobody knows anything."""
    words = {offer: _words(availability) for offer, availability in known.items()}
    return {offer: said for offer, said in words.items() if said}


def _words(known: Availability) -> str:
    if known.free:
        return f"{known.free} free" if known.free <= COUNTED else "free now"
    if known.wait is not None:
        return f"full, about {_span(known.wait)}"
    return "full" if known.free == 0 else ""


def _span(wait: timedelta) -> str:
    """A time to wait, rather too long than too short."""
    minutes = ceil(wait / timedelta(minutes=1))
    if minutes > 5:
        minutes = 5 * ceil(minutes / 5)
    if minutes < 90:
        return f"{max(minutes, 1)} min"
    hours = ceil(minutes / 60)
    return f"{hours} h" if hours < 48 else f"{ceil(hours / 24)} days"
