"""Waiting for what is away: what must not be lost is tried until it is durable."""

import logging
from collections.abc import AsyncIterator

import stamina
from stamina.instrumentation import RetryDetails, set_on_retry_hooks

from .failures import kinds
from .ports.event_log import LogUnavailable

_logger = logging.getLogger("multiplespawner.waiting")


def waiting_for(*away: type[Exception], longest: float) -> AsyncIterator[stamina.Attempt]:
    """Attempts while one of these is raised, without an end: 0.2 s after the first, then longer apart."""
    return stamina.retry_context(
        on=away, attempts=None, timeout=None, wait_initial=0.2, wait_max=longest
    ).__aiter__()


def waiting_for_log() -> AsyncIterator[stamina.Attempt]:
    """Attempts while the log is away, at most 30 s apart."""
    return waiting_for(LogUnavailable, longest=30)


def tell_waits() -> None:
    """Have waits told in our log, by kinds: stamina's own way would print what a database says."""
    set_on_retry_hooks((_tell,))


def _tell(details: RetryDetails) -> None:
    _logger.warning("Trying again in %.1f s: %s", details.wait_for, kinds(details.caused_by))
