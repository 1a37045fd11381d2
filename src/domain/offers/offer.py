"""What an administrator offers."""

from collections.abc import Collection

from attrs import field, frozen

from ..accounts import UnixAccount
from .hardware import Flavors, Ranges
from .numbers import as_whole
from .options import Option
from .refusals import BadType, LifetimeTooLong

LONGEST = 10 * 366 * 24 * 60
"""Minutes; ten years, so that a deadline is always a date that exists."""


@frozen
class Lifetime:
    """How long a session lasts, in minutes; no default and no maximum means: until it is stopped."""

    default: int | None = None
    maximum: int | None = None

    def __attrs_post_init__(self) -> None:
        for minutes in (self.default, self.maximum):
            if minutes is not None and not 0 < minutes <= LONGEST:
                raise ValueError(f"a lifetime is from 1 to {LONGEST} minutes")
        if self.default is not None and self.maximum is not None and self.default > self.maximum:
            raise ValueError("the default lifetime must not be over the maximum")

    def absent(self) -> int | None:
        """Minutes when the user says nothing: the default, else the maximum, else None."""
        return self.maximum if self.default is None else self.default

    def accept(self, value: object) -> int:
        """Minutes as asked for; raises BadType or LifetimeTooLong."""
        minutes = as_whole(value)
        if minutes is None or minutes <= 0:
            raise BadType("lifetime", value, "a whole number of minutes, 1 or more")
        maximum = LONGEST if self.maximum is None else self.maximum
        if minutes > maximum:
            raise LifetimeTooLong(minutes, maximum)
        return minutes


@frozen(kw_only=True)
class Offer:
    """Template, provider and deployment entry that fit together, and what may be chosen within."""

    id: str
    """`provider/template/entry`."""
    name: str
    """Shown to users."""
    description: str = ""
    type: str
    """`virtual_machine`, `container` or `bare_metal`."""
    provider: str
    template: str
    entry: str
    image: str | None = None
    hardware: Ranges | Flavors = field(factory=Ranges)
    lifetime: Lifetime = field(factory=Lifetime)
    options: tuple[Option, ...] = ()
    groups: tuple[str, ...] | None = None
    """Whose members may choose it; with `users` also None: everyone."""
    users: tuple[str, ...] | None = None
    """Names of users who may choose it whatever their groups."""
    inner_options: bool | tuple[str, ...] = False
    """Which further keys of a request go on to the inner spawner: all, none, or those named."""
    start_timeout: int | None = None
    """Seconds; None for the spawner's own."""
    http_timeout: int | None = None
    """Seconds; None for the spawner's own."""
    poll_interval: int | None = None
    """Seconds; None for the spawner's own."""
    unix_account: UnixAccount | None = None
    labels: tuple[tuple[str, str], ...] = ()
    """What a machine of a pool must have to be chosen for it, as (name, value)."""

    def allows(self, user: str, groups: Collection[str]) -> bool:
        """Whether a user (by name) of these groups may choose it."""
        if self.users is None and self.groups is None:
            return True
        return user in (self.users or ()) or any(group in groups for group in self.groups or ())

    def passes(self, key: str) -> bool:
        """Whether a further key of a request goes on to the inner spawner."""
        return self.inner_options if isinstance(self.inner_options, bool) else key in self.inner_options
