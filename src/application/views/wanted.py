"""What somebody wants to hear of what happened."""

from datetime import datetime

from attrs import frozen

from ..ports.event_log import Record
from .subjects import Subject


@frozen(kw_only=True)
class Wanted:
    """What is wanted of the history; None and empty mean all."""

    users: frozenset[tuple[str | None, int]] | None = None
    """As (hub, user id); hub None for that of any hub."""
    session: str | None = None
    resource: str | None = None
    names: tuple[str, ...] = ()
    """Stored names of facts."""
    since: datetime | None = None
    """Aware."""
    last: int | None = None
    """At most so many, the latest."""

    def admits(self, record: Record, subject: Subject) -> bool:
        """Whether a record is wanted."""
        return (
            (not self.names or record.name in self.names)
            and (self.since is None or record.time >= self.since)
            and (self.session is None or subject.session == self.session)
            and (self.resource is None or subject.resource == self.resource)
            and self.is_for(subject.hub, subject.user)
        )

    @property
    def is_of_sessions(self) -> bool:
        """Whether only some sessions, and what belongs to them, are wanted."""
        return self.users is not None or self.session is not None or self.resource is not None

    def is_for(self, hub: str | None, user: int | None) -> bool:
        """Whether what concerns this user is wanted."""
        return self.users is None or not self.users.isdisjoint({(hub, user), (None, user)})
