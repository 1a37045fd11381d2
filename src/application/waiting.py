"""Waiting for the log: what must not be lost is tried until it is durable."""

from collections.abc import AsyncIterator

import stamina

from .ports.event_log import LogUnavailable


def waiting_for_log() -> AsyncIterator[stamina.Attempt]:
    """Attempts while the log is away, without an end: 0.2 s after the first, at most 30 s apart."""
    return stamina.retry_context(
        on=LogUnavailable, attempts=None, timeout=None, wait_initial=0.2, wait_max=30
    ).__aiter__()
