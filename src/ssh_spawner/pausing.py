"""How long to wait until a host is tried again, so that neither one link nor many together trouble it."""

import random

from attrs import define, field, frozen

from .settings import Pace


@frozen
class Pause:
    """Seconds: those that pass where somebody wants a connection, and those that pass where nobody does."""

    wanted: float
    unwanted: float


@define
class Pauses:
    """Those of one link: longer and longer, up to the longest one, until a connection is held for a while."""

    pace: Pace
    _next: float = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._next = self.pace.first

    def after_failure(self, *, may_be_over_soon: bool) -> Pause:
        """After an attempt; a refusal is not asked to change its mind by who wants to be let in."""
        if not may_be_over_soon:
            longest = _about(self.pace.longest)
            return Pause(longest, longest)
        seconds, self._next = _about(self._next), min(self._next * 2, self.pace.longest)
        return Pause(min(seconds, _about(self.pace.soon)), seconds)

    def after_loss(self, held: float) -> Pause:
        """After a connection that was held for so many seconds."""
        if held < self.pace.steady:
            return self.after_failure(may_be_over_soon=True)
        self._next = self.pace.first
        seconds = random.uniform(0, min(self.pace.spread, self.pace.longest))  # noqa: S311 - not a secret
        return Pause(seconds, seconds)


def _about(seconds: float) -> float:
    return seconds * random.uniform(0.75, 1.25)  # noqa: S311 - not a secret
