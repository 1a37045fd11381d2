"""What a hub is doing when it is killed."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from attrs import frozen

from .hub import Dead, KilledHub, until


@frozen
class Story:
    """What is so before the points are counted, and what happens while they are."""

    name: str
    before: Callable[[KilledHub], None]
    act: Callable[[KilledHub], object]
    """Raises Dead when the hub dies on the way."""
    fewest: int
    """Points that there are at least, a tenth less than were counted: with fewer, the harness sees little."""
    at_start: bool = False
    """Whether points are counted from the hub's start, not while it runs."""
    until_point: str | None = None
    """Where to stop counting; None for when it is quiet."""
    only: str = ""
    """Regular expression for the points that are counted."""
    poll_interval: float = 60
    reconcile_every: float = 3600

    def arm(self, hub: KilledHub, fatal: str | None) -> None:
        """Have the hub count points from now on."""
        if self.at_start:
            hub.kill()
            hub.arm(fatal, **self._how)
            hub.start()
        else:
            hub.arm(fatal, **self._how)
            hub.armed()

    @property
    def _how(self) -> dict[str, Any]:
        return {"until": self.until_point, "reconcile_every": self.reconcile_every, "only": self.only}

    def tell(self, hub: KilledHub) -> None:
        """Let it happen until it is over or the hub has died."""
        with suppress(Dead):
            self.act(hub)
        until(lambda: hub.is_dead or self._is_over(hub), f"{self.name} is over")

    def let_end(self, hub: KilledHub, fatal: str | None) -> None:
        """Give the last calls, after which nothing is to be seen from outside, time to be made.

        Whoever is to die at one has more of it: else what was only just seen would never be come to again.
        """
        with suppress(AssertionError):
            until(lambda: hub.is_dead, "the hub dies", limit=4.0 if fatal else 2.0)

    def _is_over(self, hub: KilledHub) -> bool:
        if self.until_point is not None:
            return self.until_point in hub.told()
        with suppress(Dead):
            return not hub.server().get("pending") and hub.ours.look().is_quiet
        return True


def start(hub: KilledHub, offer: str = "works") -> None:
    """Ask for a server and wait until the hub says that it is there, or failed."""
    hub.ask_to_start(offer)
    wait(hub)


def stop(hub: KilledHub) -> None:
    """Have the server stopped, if there is one."""
    hub.ask_to_stop()
    until(lambda: not hub.server(), "the hub has stopped it")


def begin(hub: KilledHub, offer: str = "waits") -> None:
    """Ask for a server that never comes, and wait until its process, or what has to be before it, runs."""
    known = len(hub.ours.look().worlds)
    hub.ask_to_start(offer)

    def has_begun() -> bool:
        held = hub.ours.look()
        return len(held.worlds) > known and hub.place.has_begun(held)

    until(has_begun, "its process runs")


def wait(hub: KilledHub) -> None:
    """Wait until what was asked for is there, or has failed."""
    until(lambda: not hub.server().get("pending"), "the hub has started it, or not")


def change_playbook(hub: KilledHub) -> None:
    """Have it applied: what was applied to a host before need not be applied again."""
    with (hub.ours.path / "set_up.yml").open("a") as playbook:
        playbook.write("\n")


def nothing(hub: KilledHub) -> None:
    """Leave it as it is."""


STORIES = (
    Story("start", nothing, start, fewest=22),
    Story(
        "run",
        start,
        nothing,
        fewest=30,
        at_start=True,
        until_point="after provider.list_owned 3",
        poll_interval=1,
        # the third round comes halfway between two polls, so that each run has as many of these
        reconcile_every=0.8,
    ),
    Story("stop", start, stop, fewest=21),
    Story("start timeout", nothing, lambda hub: start(hub, "times_out"), fewest=33),
    Story("cancel", begin, stop, fewest=18),
)

_READ = r"private\.(get|keys)|provider\.(get|find)|spawner\.poll|host\.(applied|leases|marked|running)"
CHANGED = rf"(after|at) (?!{_READ}|host\.login)"
"""Points after which something that lasts may be different: not so before a call, or after one that reads.

Over SSH each point takes twice the time, and what differs there is what the host has.
"""
ENTERED = rf"(after|at) (?!{_READ})"
"""These, and after each login. Others may go on with a connection that is there still."""

STORIES_OVER_SSH = (
    Story("start over SSH", nothing, start, fewest=23, only=ENTERED),
    Story(
        "run over SSH",
        start,
        nothing,
        fewest=9,
        at_start=True,
        until_point="after provider.list_owned 2",
        poll_interval=1,
        reconcile_every=0.7,
        only=ENTERED,
    ),
    Story("stop over SSH", start, stop, fewest=13, only=CHANGED),
    Story("start timeout over SSH", lambda hub: begin(hub, "times_out"), wait, fewest=13, only=CHANGED),
    Story("cancel over SSH", begin, stop, fewest=9, only=CHANGED),
    Story(
        "playbook over SSH",
        change_playbook,
        lambda hub: start(hub, "set_up"),
        fewest=8,
        only=r".* configurer\.",
    ),
)
