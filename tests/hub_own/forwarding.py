"""Reach through an outer spawner for what only the tests' own spawner classes know.

The hub's tests set ``delay`` on a SlowSpawner before and while it runs, read ``proc`` of a local process, and
so on. No hub does, and it is not for the product to hand these on. Whatever the hub's Spawner class has, is
the product's: nothing of it passes here, but that `get_state` shows the inner state too, where tests look for
``pid``.
"""

import asyncio
import sys
from collections.abc import Awaitable
from concurrent.futures import ThreadPoolExecutor
from inspect import isawaitable
from types import ModuleType
from typing import Any
from weakref import WeakKeyDictionary

from jupyterhub.spawner import Spawner

CLASSES = "hub_own_classes"  # the module from which the product imports the inner classes


class Pairs:
    """Which inner spawner belongs to which outer: both have the hub's same row of the server."""

    def __init__(self) -> None:
        self.outer: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()
        self.inner: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()

    def inner_of(self, outer: Spawner) -> Spawner | None:
        """The inner spawner made last for the outer's server, if any."""
        return self.inner.get(outer.orm_spawner) if outer.orm_spawner else None

    def add_outer(self, outer: Spawner) -> None:
        """Take the outer one for that of its server from now on."""
        self.outer[outer.orm_spawner] = outer

    def add_inner(self, inner: Spawner, names: frozenset[str]) -> None:
        """Give a new inner spawner what was set on its outer one, or by an earlier inner one of that."""
        outer = self.outer.get(inner.orm_spawner)
        if outer is None:
            return
        before = vars(outer).get("_inner_before")
        kept = {name: value for name, value in vars(before or outer).items() if name in names}
        for name, value in {**kept, **outer.__dict__.get("_asked", {})}.items():
            setattr(inner, name, value)
        self.inner[inner.orm_spawner] = outer.__dict__["_inner_before"] = inner


def forwarding(inner: type[Spawner], outer: type[Spawner]) -> tuple[type[Spawner], type[Spawner]]:
    """A subclass of each: the inner one can be imported and is known to the outer, which reaches through."""
    names = frozenset(dir(inner)) - frozenset(dir(outer))
    pairs = Pairs()

    class Tracked(inner):  # type: ignore[misc, valid-type]
        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            pairs.add_inner(self, names)

    class Reaching(outer):  # type: ignore[misc, valid-type]
        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            pairs.add_outer(self)

        def __getattr__(self, name: str) -> Any:
            if name not in names:
                raise AttributeError(name)
            asked = self.__dict__.get("_asked", {})
            return asked[name] if name in asked else getattr(pairs.inner_of(self) or inner(), name)

        def __setattr__(self, name: str, value: Any) -> None:
            if name not in names:
                super().__setattr__(name, value)
                return
            self.__dict__.setdefault("_asked", {})[name] = value
            if live := pairs.inner_of(self):
                setattr(live, name, value)

        def get_state(self) -> dict[str, Any]:
            live = pairs.inner_of(self)
            return {**(live.get_state() if live else {}), **super().get_state()}

        def run_options_from_form(self, form_data: Any) -> Any:
            options = super().run_options_from_form(form_data)
            is_of_a_hub = self.user.settings.get("users") is not None
            return options if is_of_a_hub or not isawaitable(options) else waited_for(options)

    return importable(Tracked, inner), Reaching


def waited_for(options: Awaitable[Any]) -> Any:
    """What the hub would await, for tests without a hub that take it as it comes."""

    async def wait() -> Any:
        return await options

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, wait()).result()


def importable(tracked: type[Spawner], inner: type[Spawner]) -> type[Spawner]:
    """Name the class so that its dotted path leads to it: the tests' own may be local to a function."""
    module = sys.modules.setdefault(CLASSES, ModuleType(CLASSES))
    tracked.__name__ = tracked.__qualname__ = f"{inner.__name__}{len(vars(module))}"
    tracked.__module__ = CLASSES
    setattr(module, tracked.__name__, tracked)
    return tracked
