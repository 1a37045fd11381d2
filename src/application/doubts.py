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
from ..domain.steps import (
    Allocate,
    Authenticate,
    AwaitProvisioned,
    Configure,
    StartSpawner,
    Step,
    StopSpawner,
)
from ..domain.world import World
from .failures import StepFailed
from .ports.clock import Clock

DURATION = timedelta(minutes=5)
"""How long a machine comes after the others."""
LONG = timedelta(seconds=30)
"""A step that was called off after so long may have hung."""
NEVER_ANSWERED = "never_answered"
"""Why a session is stopped whose notebook ran and did not answer the hub in time."""

_OF_A_START = (Allocate, AwaitProvisioned, Authenticate, Configure, StartSpawner)
_OF_OTHERS = frozenset({"provider_missing", "invalid_spec"})
"""Codes of a provider's failures that are not its machine's."""
_OF_A_MACHINE = frozenset(
    {
        *("host_unreachable", "connection_lost", "host_key_mismatch", "host_key_unknown", "login_refused"),
        *("principal_refused", "ca_not_trusted", "certificate_expired", "forwarding_refused"),
        *("account_unusable", "no_python", "notebook_ended"),
        *("python_missing", "python_too_old", "folder_unusable", "folder_unsafe", "command_missing"),
        *("command_failed", "start_timeout", "task_failed", "time_limit", "inner_timeout"),
        "inner_start_failed",
    }
)
"""Codes of entering a machine, of setting it up and of what runs there that may be the machine's fault.

Some may be the user's instead, such as a notebook that ends at once: it is only put last, and not for long.
"""

_logger = logging.getLogger("multiplespawner.driver")


@define(eq=False)
class Doubts:
    """Of the machines of pools."""

    _clock: Clock
    _until: dict[tuple[str, str], datetime] = field(factory=dict, init=False)
    """By the pool and the machine."""
    _unheard_until: dict[tuple[str, str], datetime] = field(factory=dict, init=False)
    """Where a notebook ran and never answered: that another one runs does not tell that it can be reached."""

    @contextmanager
    def while_it_is_done(self, step: Step, world: World) -> Iterator[None]:
        """What fails by its machine puts that in doubt; a notebook that runs takes it out."""
        resource, stop = world.resource, world.session.stop
        machine = member_of(resource.provider, resource.allowances)
        if machine is not None and isinstance(step, StopSpawner) and stop and stop.why == NEVER_ANSWERED:
            self._doubt(self._unheard_until, resource.provider, machine, stop.why)
        if machine is None or not isinstance(step, _OF_A_START):
            yield
            return
        began = self._clock.now()
        try:
            yield
        except StepFailed as error:
            if _tells_of_the_machine(step, error.failure.code):
                self._doubt(self._until, resource.provider, machine, error.failure.code)
            raise
        except asyncio.CancelledError:
            if self._clock.now() - began >= LONG:
                self._doubt(self._until, resource.provider, machine, "it took too long")
            raise
        if isinstance(step, StartSpawner):
            self._until.pop((resource.provider, machine), None)

    def about(self, pool: str, machines: Iterable[str]) -> frozenset[str]:
        """Those of a pool's machines that are in doubt now."""
        now, kinds = self._clock.now(), (self._until, self._unheard_until)
        return frozenset(
            name for name in machines if any(kind.get((pool, name), now) > now for kind in kinds)
        )

    def _doubt(self, kind: dict[tuple[str, str], datetime], pool: str, machine: str, why: str) -> None:
        if not self.about(pool, [machine]):
            minutes = DURATION.total_seconds() // 60
            _logger.warning(
                "A start failed on machine %s of %s (%s): for %d minutes, others come first.",
                machine,
                pool,
                why,
                minutes,
            )
        kind[pool, machine] = self._clock.now() + DURATION


def _tells_of_the_machine(step: Step, code: str) -> bool:
    if isinstance(step, Allocate | AwaitProvisioned):
        return code not in _OF_OTHERS
    return code in _OF_A_MACHINE
