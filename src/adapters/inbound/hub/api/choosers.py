"""What one user may choose from, at one moment."""

from collections.abc import Mapping
from typing import Any

from attrs import frozen

from .....application.house import House
from .....bootstrap.hub import stored_options
from .....domain.offers import Choice, Offer, choose, visible
from .....domain.refusals import Refusal
from ..choosing import groups_of
from ..in_force import in_force


@frozen
class Chooser:
    """A user before the offers of one configuration."""

    configuration: str
    """Its digest."""
    offers: tuple[Offer, ...]
    """Those that they may choose."""
    name: str
    groups: frozenset[str]
    remembered: Mapping[str, Any]
    """The request of their default server's last start, as strict JSON; empty if there is none."""

    def choose(self, request: Any) -> Choice:
        """What a request means, as for a start. Raises Refusal."""
        return choose(request, self.remembered, self.offers, self.name, self.groups)

    @property
    def may_say_nothing(self) -> bool:
        """Whether an empty request is accepted."""
        try:
            self.choose({})
        except Refusal:
            return False
        return True


async def chooser(house: House, user: Any) -> Chooser:
    """A user of the hub before what is offered now."""
    configuration, groups = await in_force(house), groups_of(user)
    offers = visible(configuration.offers, user.name, groups)
    # a form's files are bytes
    remembered = stored_options(user.spawner.remembered)
    return Chooser(configuration.digest, offers, user.name, groups, remembered)
