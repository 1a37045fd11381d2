"""The house of each hub: opened once in its event loop, reconciled at once and every now and then."""

import asyncio
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from attrs import define, field

from .... import bootstrap
from ....application.house import House
from ....application.ports.inner_spawner import InnerSpawner
from ....bootstrap.hub import inner_spawner, inner_spawners

_logger = logging.getLogger("multiplespawner.hub")

RECONCILE_EVERY = 30.0
"""Seconds between two rounds."""


@define(eq=False)
class OpenHouse:
    """A house with its tasks, and the hub's users."""

    house: House
    users: Any = None
    """The hub's UserDict; None where there is no hub (tests)."""
    _tasks: set[asyncio.Task[Any]] = field(factory=set)

    def begin(self) -> None:
        """Reconcile from now on."""
        self._tasks.add(asyncio.create_task(self._reconcile(), name="multiplespawner reconcile"))

    async def close(self) -> None:
        """End all tasks and let go of everything."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.house.close()

    async def _reconcile(self) -> None:
        while True:
            try:
                found = await self.house.reconcile()
                if found.doubt is None:
                    await self.house.record_configuration()
            except Exception:
                _logger.exception("Reconciling went wrong; it is tried again in %g s.", RECONCILE_EVERY)
            await asyncio.sleep(RECONCILE_EVERY)


class _Houses:
    """By event loop (a hub has one, tests have many) and settings."""

    def __init__(self) -> None:
        self._opening: WeakKeyDictionary[
            asyncio.AbstractEventLoop, dict[bootstrap.Settings, asyncio.Task[OpenHouse]]
        ] = WeakKeyDictionary()

    async def of(self, spawner: Any) -> OpenHouse:
        settings = settings_of(spawner)
        here = self._opening.setdefault(asyncio.get_running_loop(), {})
        if settings not in here or _has_failed(here[settings]):
            here[settings] = asyncio.create_task(_open(settings, spawner.log_format))
        opened = await asyncio.shield(here[settings])
        if opened.users is None and spawner.user is not None:
            opened.users = spawner.user.settings.get("users")
        return opened


_houses = _Houses()


async def house_of(spawner: Any) -> House:
    """The house that a spawner's settings lead to, opened if need be."""
    return (await _houses.of(spawner)).house


def visit(spawner: Any) -> None:
    """Have the house opened, and so reconciled, as soon as the hub first makes one of our spawners."""
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return
    if spawner.user is not None and spawner.user.settings.get("users") is not None:
        task = loop.create_task(_houses.of(spawner))
        task.add_done_callback(_report)


def settings_of(spawner: Any) -> bootstrap.Settings:
    """Settings as the administrator made them by traits."""
    return bootstrap.Settings(
        directory=Path(spawner.directory),
        event_log=spawner.event_log,
        template_file=spawner.template_file,
        deployment_file=spawner.deployment_file,
        hub=spawner.hub_id,
    )


async def _open(settings: bootstrap.Settings, log_format: str) -> OpenHouse:
    opened: list[OpenHouse] = []

    async def rebuild(session: str, document: Mapping[str, Any]) -> InnerSpawner | None:
        return _rebuilt(opened[0], document)

    def is_expected(session: str, document: Mapping[str, Any]) -> bool:
        return _is_expected(opened[0].users, session, document["server"])

    spawners = inner_spawners(rebuild, is_expected)
    house = await asyncio.to_thread(bootstrap.build, settings, spawners)
    opened.append(OpenHouse(house))
    if log_format != "none":
        await bootstrap.write_structured_log(house, log_format)
    opened[0].begin()
    return opened[0]


def _rebuilt(opened: OpenHouse, document: Mapping[str, Any]) -> InnerSpawner | None:
    outer = _outer(opened.users, document["server"])
    if outer is None:
        return None
    made: InnerSpawner = inner_spawner(outer.given, document, document["token"])
    return made


def _outer(users: Any, server: Mapping[str, Any]) -> Any:
    user, row = _row(users, server)
    if row is None:
        return None
    outer = user.spawners[row.name]
    return outer if hasattr(outer, "given") else None


def _is_expected(users: Any, session: str, server: Mapping[str, Any]) -> bool:
    if users is None:
        return True
    _, row = _row(users, server)
    return row is not None and row.server is not None and (row.state or {}).get("session") == session


def _row(users: Any, server: Mapping[str, Any]) -> tuple[Any, Any]:
    """The hub's user and its row of a server; None where it has none."""
    try:
        user = users[server["user"]] if users is not None else None
    except KeyError:
        user = None
    rows = user.orm_spawners.values() if user is not None else ()
    return user, next((row for row in rows if row.id == server["spawner"]), None)


def _has_failed(task: asyncio.Task[OpenHouse]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)


def _report(task: asyncio.Task[Any]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        _logger.error("MultipleSpawner can't work: %s", error)
