"""Configurers that set nothing up: they only tell of their tasks."""

import asyncio
import shutil
from collections.abc import AsyncGenerator, Mapping
from pathlib import Path
from typing import ClassVar

from attrs import asdict, field, frozen

from ...application.canonical_json import canonical_json, sha256
from ...application.ports.configurer import ConfigurationFailed, TaskProgress, Work


@frozen
class MemoryConfigurerSettings:
    """What a template may say of it."""

    tasks: tuple[str, ...] = ("Make the account", "Install the notebook")
    """Names of the tasks, in their order."""
    ansible_user: str | None = None
    """Account that configures."""


@frozen
class MemoryConfigurer:
    """Every task succeeds at once."""

    api: ClassVar[int] = 1
    settings_class: ClassVar[type] = MemoryConfigurerSettings

    settings: MemoryConfigurerSettings = field(factory=MemoryConfigurerSettings)
    directory: Path | None = None
    applied: list[Work] = field(factory=list, init=False, eq=False)
    """What it was applied to, also where that failed."""

    async def digest(self, names: Mapping[str, str]) -> str:
        """Of the settings and all names, at first without the user's."""
        others = {name: value for name, value in names.items() if name != "JUPYTERHUB_USER"}
        halves = ([asdict(self.settings), said] for said in (others, dict(names)))
        return "".join(sha256(canonical_json(half))[:32] for half in halves)

    async def check(self) -> None:
        """It always can."""

    def account(self) -> str | None:
        """As the settings say."""
        return self.settings.ansible_user

    async def apply(self, work: Work) -> AsyncGenerator[TaskProgress]:
        """Tell of each task; remove the folder."""
        self.applied.append(work)
        tasks, address = self.settings.tasks, work.access.address
        try:
            for number, task in enumerate(tasks):
                yield TaskProgress(task, address, "started", number, len(tasks))
                state = await self._do(number)
                yield TaskProgress(task, address, state, number + 1, len(tasks))
                if state == "failed":
                    raise ConfigurationFailed("task_failed", f"“{task}” failed.", task, address)
        finally:
            shutil.rmtree(work.folder, ignore_errors=True)

    async def _do(self, number: int) -> str:
        """How a task ended."""
        return "changed"


@frozen
class ConfigurerThatFails(MemoryConfigurer):
    """The last task fails."""

    async def _do(self, number: int) -> str:
        return "failed" if number == len(self.settings.tasks) - 1 else "ok"


@frozen
class ConfigurerThatHangs(MemoryConfigurer):
    """The last task goes on until it is cancelled, or may end."""

    may_end: asyncio.Event = field(factory=asyncio.Event, init=False, eq=False)
    hangs: list[bool] = field(factory=list, init=False, eq=False)
    """One entry while it does."""

    async def _do(self, number: int) -> str:
        if number < len(self.settings.tasks) - 1:
            return "ok"
        self.hangs.append(True)
        try:
            await self.may_end.wait()
        finally:
            self.hangs.clear()
        return "changed"
