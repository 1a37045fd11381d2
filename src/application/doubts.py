"""Machines on which a start failed a moment ago: for a while others come first.

Without it, the machine that nobody can use is the least used one, and every start is sent there. In memory
only: a hub that has no doubts yet finds out by one start.
"""

import asyncio
import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from attrs import define, field

from ..domain.allowance import member_of
from ..domain.resource import Resource
from ..domain.steps import Allocate, Authenticate, AwaitProvisioned, Configure, StartSpawner, Step
from .failures import StepFailed
from .ports.clock import Clock

DURATION = timedelta(minutes=5)
"""How long a machine comes after the others."""
LONG = timedelta(seconds=30)
"""A step that was called off after so long may have hung."""

_OF_A_START = (Allocate, AwaitProvisioned, Authenticate, Configure, StartSpawner)
_OF_OTHERS = frozenset({"provider_missing", "invalid_spec"})
"""Codes of a provider's failures that are not its machine's."""
_OF_A_MACHINE = frozenset(
    {
        *("host_unreachable", "connection_lost", "host_key_mismatch", "host_key_unknown", "login_refused"),
        *("ca_not_trusted", "certificate_expired", "forwarding_refused", "account_unusable", "no_python"),
        *("python_missing", "python_too_old", "folder_unusable", "folder_unsafe", "command_missing"),
        *("command_failed", "start_timeout", "task_failed", "time_limit", "inner_timeout"),
        "inner_start_failed",
    }
)
"""Codes of entering a machine, of setting it up and of what runs there that tell of the machine itself."""

_logger = logging.getLogger("multiplespawner.driver")


@define(eq=False)
class Doubts:
    """Of the machines of pools."""

    _clock: Clock
    _until: dict[tuple[str, str], datetime] = field(factory=dict, init=False)
    """By the pool and the machine."""

    @contextmanager
    def while_it_is_done(self, step: Step, resource: Resource) -> Iterator[None]:
        """What fails by its machine puts that in doubt; a notebook that runs takes it out."""
        machine = member_of(resource.provider, resource.allowances)
        if machine is None or not isinstance(step, _OF_A_START):
            yield
            return
        began = self._clock.now()
        try:
            yield
        except StepFailed as error:
            if _tells_of_the_machine(step, error.failure.code):
                self._doubt(resource.provider, machine, error.failure.code)
            raise
        except asyncio.CancelledError:
            if self._clock.now() - began >= LONG:
                self._doubt(resource.provider, machine, "it took too long")
            raise
        if isinstance(step, StartSpawner):
            self._until.pop((resource.provider, machine), None)

    def about(self, pool: str, machines: Iterable[str]) -> frozenset[str]:
        """Those of a pool's machines that are in doubt now."""
        now = self._clock.now()
        return frozenset(name for name in machines if self._until.get((pool, name), now) > now)

    def _doubt(self, pool: str, machine: str, why: str) -> None:
        if not self.about(pool, [machine]):
            minutes = DURATION.total_seconds() // 60
            _logger.warning(
                "A start failed on machine %s of %s (%s): for %d minutes, others come first.",
                machine,
                pool,
                why,
                minutes,
            )
        self._until[pool, machine] = self._clock.now() + DURATION


def _tells_of_the_machine(step: Step, code: str) -> bool:
    if isinstance(step, Allocate | AwaitProvisioned):
        return code not in _OF_OTHERS
    return code in _OF_A_MACHINE
