"""The house of each hub: opened once in its event loop, reconciled at once and every now and then."""

import asyncio
import logging
import math
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from attrs import define, field

from .... import bootstrap
from ....application.failures import kinds
from ....application.house import House
from ....application.ports.inner_spawner import InnerSpawner
from ....bootstrap.hub import inner_spawners
from .in_force import follow, in_force
from .rows import is_pointed_to, rebuilt

_logger = logging.getLogger("multiplespawner.hub")

RECONCILE_EVERY = 30.0
"""Seconds between two rounds."""

OPEN_AGAIN_AFTER = 10.0
"""Seconds after which a house that could not be opened is tried again; the hub asks at each poll."""

NOT_OPEN = "Servers can't be seen to now. Tell your administrator: the log of the hub says what is wrong."


@define(eq=False)
class OpenHouse:
    """A house with its tasks, and the hub's users."""

    house: House
    users: Any = None
    """The hub's UserDict; None where there is no hub (tests)."""
    _tasks: set[asyncio.Task[Any]] = field(factory=set)

    def begin(self) -> None:
        """Reconcile and follow the configuration from now on."""
        self._tasks |= {
            asyncio.create_task(self._reconcile(), name="multiplespawner reconcile"),
            asyncio.create_task(follow(self.house), name="multiplespawner configuration"),
        }

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
            except Exception as error:
                _logger.error("Reconciling went wrong, it is tried again soon: %s", kinds(error))
            await asyncio.sleep(RECONCILE_EVERY)


class _Houses:
    """By event loop (a hub has one, tests have many) and settings."""

    def __init__(self) -> None:
        self._opening: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[bootstrap.Settings, _Opening]] = (
            WeakKeyDictionary()
        )

    async def of(self, spawner: Any) -> OpenHouse:
        settings = settings_of(spawner)
        here = self._opening.setdefault(asyncio.get_running_loop(), {})
        if settings not in here or here[settings].may_be_repeated:
            here[settings] = _Opening(settings, spawner.log_format)
        try:
            opened = await asyncio.shield(here[settings].task)
        except Exception as error:
            # the hub's pages and API show it, and of any other error nothing
            error.jupyterhub_message = NOT_OPEN  # type: ignore[attr-defined]
            # the same one is raised to all who ask: its traceback would grow with each
            raise error.with_traceback(None) from error.__cause__
        if opened.users is None and spawner.user is not None:
            opened.users = spawner.user.settings.get("users")
        return opened

    def opened(self, spawner: Any) -> OpenHouse | None:
        opening = self._opening.get(asyncio.get_running_loop(), {}).get(settings_of(spawner))
        if opening is None or not opening.task.done() or opening.has_failed:
            return None
        return opening.task.result()


class _Opening:
    """One attempt to open a house."""

    def __init__(self, settings: bootstrap.Settings, log_format: str) -> None:
        self.task = asyncio.create_task(_open(settings, log_format))
        self._over = math.inf
        self.task.add_done_callback(self._note)

    @property
    def has_failed(self) -> bool:
        return self.task.done() and (self.task.cancelled() or self.task.exception() is not None)

    @property
    def may_be_repeated(self) -> bool:
        """Whether it failed some time ago: until then whoever asks gets the same error."""
        return self.has_failed and time.monotonic() >= self._over + OPEN_AGAIN_AFTER

    def _note(self, task: asyncio.Task[OpenHouse]) -> None:
        self._over = time.monotonic()


_houses = _Houses()


async def house_of(spawner: Any) -> House:
    """The house that a spawner's settings lead to, opened if need be."""
    return (await _houses.of(spawner)).house


def inner_held(spawner: Any, session: str) -> Any:
    """The inner spawner that is held for a session; None if there is none, or no house yet."""
    opened = _houses.opened(spawner)
    return None if opened is None else opened.house.ports.spawners.of(session)


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
        return await rebuilt(opened[0].users, document)

    def is_expected(session: str, document: Mapping[str, Any]) -> bool:
        return is_pointed_to(opened[0].users, session, document["server"])

    spawners = inner_spawners(rebuild, is_expected)
    house = await asyncio.to_thread(bootstrap.build, settings, spawners)
    opened.append(OpenHouse(house))
    try:
        if log_format != "none":
            await bootstrap.write_structured_log(house, log_format)
        await in_force(house)
        opened[0].begin()
    except BaseException:
        await opened[0].close()
        raise
    return opened[0]


def _report(task: asyncio.Task[Any]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        _logger.error("MultipleSpawner can't work: %s", error)
