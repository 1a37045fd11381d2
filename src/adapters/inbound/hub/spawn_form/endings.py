"""When a session would end that started now."""

from datetime import UTC, datetime, timedelta

from attrs import frozen


@frozen
class Ending:
    """The end of a session of so many minutes."""

    minutes: int
    time: datetime
    """UTC, to the minute."""
    words: str
    """The time, with its zone: who has no JavaScript reads it so."""


def ending(minutes: int | None, now: datetime) -> Ending | None:
    """When a session of so many minutes would end; None for no end."""
    if minutes is None:
        return None
    now = now.astimezone(UTC)
    time = (now + timedelta(minutes=minutes)).replace(second=0, microsecond=0)
    day = "" if time.date() == now.date() else f"{time:%Y-%m-%d} "
    return Ending(minutes, time, f"{day}{time:%H:%M} UTC")
