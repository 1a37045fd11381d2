"""A pytest plug-in: put what spawner JupyterHub's own tests ask for behind another, and note each outcome.

Loaded with ``-p behind_us`` into a run of ``jupyterhub.tests``, which the environment describes:
HUB_OWN_RESULTS is the file of outcomes (a JSON object a line), HUB_OWN_OUTER the function that gives the
outer class (``module:function``; empty: the tests run plainly) and HUB_OWN_LIMIT the seconds a test may take.
"""

import asyncio
import functools
import inspect
import json
import os
import tempfile
from collections.abc import Awaitable, Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from jupyterhub.spawner import SimpleLocalProcessSpawner, Spawner
from jupyterhub.user import User

OuterClass = Callable[[type[Spawner], dict[str, Any], Path], type[Spawner]]


def outer_class(inner: type[Spawner], kwargs: dict[str, Any], folder: Path) -> type[Spawner]:
    """Ours, which offers the inner class and nothing else; `kwargs` are what only the inner class knows.

    All that ours writes and reads is in the folder.
    """
    from forwarding import forwarding
    from offer_files import write_offer

    from multiplespawner import MultipleSpawner

    tracked, outer = forwarding(inner, MultipleSpawner)
    write_offer(folder, tracked, kwargs)
    return type("Ours", (outer,), {"directory": str(folder)})


def pytest_configure() -> None:
    """Patch the hub before the first test."""
    keep_homes_in(Path(tempfile.gettempdir()) / "homes")
    if where := os.environ.get("HUB_OWN_OUTER"):
        module, function = where.split(":")
        put_behind(getattr(import_module(module), function))


def keep_homes_in(homes: Path) -> None:
    """Make the home folders, which the hub's spawner for tests makes in /tmp, elsewhere."""

    def construct(self: Spawner, **kwargs: Any) -> None:
        kwargs.setdefault("home_dir_template", f"{homes}/{{username}}")
        super(SimpleLocalProcessSpawner, self).__init__(**kwargs)

    SimpleLocalProcessSpawner.__init__ = construct


def put_behind(outer_of: OuterClass) -> None:
    """Have users make the outer class whatever class is asked for.

    Each hub (its database), inner class and set of arguments has an outer class and a folder of its own.
    """
    plain = User._new_spawner
    made: dict[tuple[Any, ...], type[Spawner]] = {}

    def _new_spawner(
        self: User, server_name: str, spawner_class: type[Spawner] | None = None, **kwargs: Any
    ) -> Spawner:
        inner = spawner_class or self.spawner_class
        only_inner = {name: kwargs.pop(name) for name in list(kwargs) if name not in Spawner.class_traits()}
        key = (self.db.get_bind(), inner, json.dumps(only_inner, sort_keys=True))
        if key not in made:
            made[key] = outer_of(inner, only_inner, Path(tempfile.mkdtemp(prefix="outer-")))
        return plain(self, server_name, spawner_class=made[key], **kwargs)

    User._new_spawner = _new_spawner


def pytest_collection_finish(session: pytest.Session) -> None:
    """Note what is about to run, and limit the time of each test: some wait for a server without an end."""
    note(collected=[item.nodeid for item in session.items])
    for item in session.items:
        if isinstance(item, pytest.Function) and inspect.iscoroutinefunction(item.obj):
            item.obj = limited(item.obj)


def limited(test: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """The test, which fails when its time is over."""

    @functools.wraps(test)
    async def run(*args: Any, **kwargs: Any) -> None:
        async with asyncio.timeout(float(os.environ["HUB_OWN_LIMIT"])):
            await test(*args, **kwargs)

    return run


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Note the outcome at once, so that a run that hangs later loses none."""
    note(
        test=report.nodeid,
        when=report.when,
        outcome=report.outcome,
        seconds=round(report.duration, 2),
        detail=report.longreprtext[-3000:],
    )


def note(**facts: Any) -> None:
    """Append a line to the file of outcomes."""
    with Path(os.environ["HUB_OWN_RESULTS"]).open("a") as results:
        results.write(json.dumps(facts) + "\n")
