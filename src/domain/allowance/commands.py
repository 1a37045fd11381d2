"""What can be asked of an allowance; the limits come with the command."""

from datetime import datetime

from attrs import frozen

from ..values import Amount


@frozen
class Reserve:
    """Count a resource against it, within the limits of now."""

    resource: str
    amounts: tuple[Amount, ...]
    limits: tuple[Amount, ...]
    since: datetime


@frozen
class Return:
    """Count it no longer."""

    resource: str


AllowanceCommand = Reserve | Return
