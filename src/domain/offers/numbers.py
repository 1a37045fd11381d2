"""Numbers as people and programs type them: 2.0 is 2, true is not 1, and not-a-number is none."""

from math import isfinite


def as_whole(value: object) -> int | None:
    """The whole number that a value is; None if it isn't one."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float) and isfinite(value) and value.is_integer():
        return int(value)
    return None


def as_number(value: object) -> int | float | None:
    """The finite number that a value is; None if it isn't one."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    # an integer is finite, but may be too big to be asked as a float
    return value if isinstance(value, int) or isfinite(value) else None
