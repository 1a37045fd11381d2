"""What can happen to something shared, such as a pool of hosts or a user's monthly quota."""

from datetime import datetime

from attrs import frozen

from ..values import Amount


@frozen
class AllowanceReserved:
    """A resource counts against it from now on."""

    resource: str
    amounts: tuple[Amount, ...]
    since: datetime


@frozen
class AllowanceReturned:
    """A resource no longer counts against it."""

    resource: str


AllowanceFact = AllowanceReserved | AllowanceReturned
