"""Inner spawners that tests drive, and the adapter around them."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from hub_in_memory import AnyInner, StandInOuter, hub_user, outer_of
from multiplespawner.adapters.outbound.inner_spawners.child import make_child
from multiplespawner.adapters.outbound.inner_spawners.hub_inner_spawner import HubInnerSpawner, Limits

SOON = Limits(poll=0.1, stop=0.2, gone=0.2, watch=0.01)


def around(inner: type[AnyInner], outer: StandInOuter | None = None) -> HubInnerSpawner:
    """Return the adapter around a child of the class."""
    settings = (outer or outer_of(hub_user()))._settings
    child = make_child(settings, inner, {}, {})
    return HubInnerSpawner(settings, child, {"mine": 1}, {"MULTIPLESPAWNER_RESOURCE": "r"}, SOON)


def silent(state: Mapping[str, Any]) -> None:
    """Listen to no state."""


async def until(condition: Callable[[], Any]) -> None:
    """Wait until the condition holds, at most 5 s."""
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.005)


class Gated(AnyInner):
    """Starts when a test lets it, and records what it was asked."""

    def __init__(self, **kwargs: Any) -> None:
        self.begun, self.gate, self.asked, self.answer = asyncio.Event(), asyncio.Event(), [], None
        self.given_up = False
        super().__init__(**kwargs)

    async def start(self) -> Any:
        self.begun.set()
        try:
            await self.gate.wait()
        except asyncio.CancelledError:
            self.given_up = True
            raise
        return ("127.0.0.1", self.port or 1)

    async def stop(self, now: bool = False) -> None:
        self.asked.append(("stop", now))
        self.answer = 143

    async def poll(self) -> Any:
        self.asked.append("poll")
        self.clear_state()
        return self.answer
