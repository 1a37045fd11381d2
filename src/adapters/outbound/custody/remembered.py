"""What is compared: the log as it was last seen, and as it is found."""

from attrs import frozen


@frozen
class Remembered:
    """A log in custody."""

    owner: str
    place: str
    """Where it lies, so that a copy elsewhere has another one."""
    position: int
    """How far it had come."""


def doubt(before: Remembered | None, found: Remembered) -> str | None:
    """Why what is found may not be what was remembered; None if it is, or is new."""
    if before is None:
        return None if found.position == 0 else "it was not born here: nothing is remembered of it"
    if before.owner != found.owner:
        return None if before.position == found.position == 0 else _other(before, found)
    if before.place != found.place:
        return "it was copied or moved"
    if before.position > found.position:
        return f"it is older than what was here before ({found.position} records, not {before.position})"
    return None


def _other(before: Remembered, found: Remembered) -> str:
    """What the other log holds at providers would be nobody's, were an empty one believed in its place."""
    if found.position:
        return "another log was kept here before"
    return f"it is empty, and another log was kept here before ({before.position} records)"
