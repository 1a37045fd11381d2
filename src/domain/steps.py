"""The steps that the plan can ask for; each is one call to the outside, or none."""

from datetime import datetime

from attrs import frozen

from . import deployment as d
from .world import Command


@frozen
class Allocate:
    """Have the provider make it."""


@frozen
class AwaitProvisioned:
    """Wait until the provider says that it can be reached."""


@frozen
class Authenticate:
    """Make credentials."""


@frozen
class Configure:
    """Set the resource up."""


@frozen
class StartSpawner:
    """Start the notebook."""


@frozen
class StopSpawner:
    """Stop the notebook."""

    now: bool = False
    """Whether it gets no time to end by itself."""
    by_force: bool = False
    """Whether the inner spawner failed to stop it so often that it is passed over."""


@frozen
class Withdraw:
    """Destroy the credentials."""


@frozen
class Release:
    """Have the provider destroy it."""


@frozen
class Record:
    """Nothing to call: only commands that are due."""

    commands: tuple[Command, ...]


Forward = Allocate | AwaitProvisioned | Authenticate | Configure | StartSpawner
"""Steps towards a running notebook: given up as soon as it is to end."""

Backward = StopSpawner | Withdraw | Release
"""Steps that give back: carried on until they succeed."""

Step = Forward | Backward | Record


@frozen
class Do:
    """Take this step now."""

    step: Step


@frozen
class WaitUntil:
    """Nothing is due before a time, unless something happens."""

    time: datetime


@frozen
class Nothing:
    """Nothing is due, unless something happens."""


Next = Do | WaitUntil | Nothing


def intent(step: Step) -> tuple[Command, ...]:
    """What must be durable before the step's call is made."""
    match step:
        case Authenticate():
            return (d.BeginAuthenticator(),)
        case Configure():
            return (d.BeginConfigurer(),)
        case StartSpawner():
            return (d.BeginSpawner(),)
        case StopSpawner():
            return (d.BeginStop(),)
        case _:
            # what is allocated or released was intended by resource.requested and resource.release_requested
            return ()
