"""How a session's end is told: the reason, and words for its user."""

from . import session as s
from .resource import ResourcePhase
from .values import Failure
from .world import World

WORDS = {
    "start_cancelled": "Starting your server was cancelled or took too long.",
    "interrupted": "The hub was restarted while your server was starting.",
    "exited": "Your server ended before it was ready.",
    "resource_lost": "The machine for your server disappeared.",
    "unreachable": "Your server could not be reached for too long and was given up.",
}
"""By the code of a failure without words of its own."""


def ending(world: World) -> s.EndSession | s.FailSession:
    """The command that closes a session of which nothing runs: it ended if it ever ran, else it failed."""
    failure = _failure(world)
    status = world.deployment.status or 0
    if world.session.phase is s.SessionPhase.RUNNING:
        return s.EndSession(failure.code, status)
    return s.FailSession(failure.step, failure.code, failure.message, status or 1)


def reason(world: World) -> str:
    """Why the resource is no longer needed: the code of the session's end."""
    return world.session.reason or _failure(world).code


def _failure(world: World) -> Failure:
    stop = world.session.stop
    known = world.deployment.failure or world.resource.failure
    if known is not None and (stop is None or stop.why == "start_cancelled"):
        # the hub cancels a start that failed: what failed says more
        return known
    if stop is not None:
        code = stop.why
    elif world.resource.phase is ResourcePhase.LOST:
        code = "resource_lost"
    else:
        code = "exited"
    return Failure("start", code, WORDS.get(code, "Your server was stopped before it was ready."))
