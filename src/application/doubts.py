"""Machines on which a start failed a moment ago: for a while others come first.

Without it, the machine that nobody can use is the least used one, and every start is sent there. In memory
only: a hub that has no doubts yet finds out by one start.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from attrs import define, field

from ..domain.allowance import member_of
from ..domain.resource import Resource
from ..domain.steps import Allocate, Authenticate, AwaitProvisioned, Configure, StartSpawner, Step
from .ports.clock import Clock

LAST = timedelta(minutes=5)
"""How long a machine comes after the others."""
_OF_A_START = (Allocate, AwaitProvisioned, Authenticate, Configure, StartSpawner)

_logger = logging.getLogger("multiplespawner.driver")


@define(eq=False)
class Doubts:
    """Of the machines of pools."""

    _clock: Clock
    _until: dict[tuple[str, str], datetime] = field(factory=dict, init=False)
    """By the pool and the machine."""

    def failed(self, step: Step, resource: Resource) -> None:
        """A step came to nothing: if it was one of a start, its machine is in doubt from now on."""
        machine = member_of(resource.provider, resource.allowances)
        if machine is None or not isinstance(step, _OF_A_START):
            return
        if not self.about(resource.provider, [machine]):
            _logger.warning(
                "A start failed on machine %s of %s: for %d minutes, others come first.",
                machine,
                resource.provider,
                LAST.total_seconds() // 60,
            )
        self._until[resource.provider, machine] = self._clock.now() + LAST

    def done(self, step: Step, resource: Resource) -> None:
        """A step was done: if a notebook runs now, its machine is in doubt no more."""
        machine = member_of(resource.provider, resource.allowances)
        if machine is not None and isinstance(step, StartSpawner):
            self._until.pop((resource.provider, machine), None)

    def about(self, pool: str, machines: Iterable[str]) -> frozenset[str]:
        """Those of a pool's machines that are in doubt now."""
        now = self._clock.now()
        return frozenset(name for name in machines if self._until.get((pool, name), now) > now)
