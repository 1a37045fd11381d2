"""One run on one resource: a look at it and at the playbooks first, then the playbooks."""

import asyncio
import errno
import os
import shlex
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from pathlib import Path
from typing import Any

from attrs import define, field

from ....application.ports.configurer import TaskProgress, Work
from .ansible_events import Telling
from .ansible_failures import Words, hub_unusable, not_installed
from .ansible_settings import AnsibleSettings
from .commands import Commands
from .environment import environment, program
from .literal_values import filled, secrets_of
from .playbook_files import Files
from .run_folder import RunFolder
from .supervisor import NO_PROGRAM, STOPPED, STUCK, TIMED_OUT
from .target_python import answers, minimum, question, suitable
from .task_listing import tasks_in

_FULL = os.strerror(errno.ENOSPC)


@define
class AnsibleRun:
    """Everything that is run for one Work, within its time limit."""

    _settings: AnsibleSettings
    _work: Work
    _folder: RunFolder
    _files: Files
    _words: Words = field(init=False)
    _telling: Telling = field(init=False)
    _commands: Commands = field(init=False)
    _variables: dict[str, Any] = field(init=False, repr=False)
    _python: str = field(init=False, default="")

    def __attrs_post_init__(self) -> None:
        self._variables = filled(self._settings.options.host_variables, self._work.names)
        told = (self._settings.options.host_variables, self._work.names)
        hidden = sorted({each for values in told for each in secrets_of(values)}, key=len, reverse=True)
        self._words = Words(self._work.access.address, tuple(hidden))
        self._telling = Telling(self._words)
        limit = self._settings.time_limit
        self._commands = Commands(self._work.access, self._folder, self._words, limit)

    def prepare(self, extra: Mapping[str, Any]) -> None:
        """Write the files; blocks."""
        group = self._settings.options.host_settings.group
        self._folder.make()
        self._folder.write_inventory(group, extra, self._files.inventory)
        self._folder.write_variables(self._work.access, self._variables)
        ssh = shlex.join(self._folder.ssh(self._work.access))
        self._commands.environment = environment(
            self._folder, ssh, self._files.roles, self._files.collections
        )

    async def look(self) -> None:
        """Read the playbooks and ask for the Python there, before anything is changed.

        Raises ConfigurationFailed.
        """
        outcomes = await asyncio.gather(self._list(), self._find_python(), return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome

    async def apply(self) -> AsyncGenerator[TaskProgress]:
        """Apply the playbooks in their order. Raises ConfigurationFailed."""
        for playbook in self._files.playbooks:
            async with aclosing(self._apply(playbook)) as tasks:
                async for progress in tasks:
                    yield progress

    async def _apply(self, playbook: Path) -> AsyncGenerator[TaskProgress]:
        runner = (sys.executable, "-I", "-m", "ansible_runner", "run", "-j")
        command = (*runner, str(self._folder.folder), "-p", str(playbook))
        self._telling.begin_playbook()
        running, lines = await self._commands.begun(command, self._python)
        try:
            async with aclosing(lines):
                async for line in lines:
                    if progress := self._telling.tell(line):
                        yield progress
            self._judge(playbook, await running.ended(), running.errors.decode(errors="replace"))
        finally:
            await running.stop()

    def _judge(self, playbook: Path, status: int, errors: str) -> None:
        words, telling = self._words, self._telling
        if status == TIMED_OUT:
            raise words.time_limit(self._settings.time_limit, telling.task)
        if status == 0 and telling.in_vain:
            raise words.in_vain(playbook, self._settings.options.host_settings.group)
        if status == 0:
            return
        if status == NO_PROGRAM or "No module named" in errors:
            words.log("Ansible can't be run", telling.rest + errors)
            raise not_installed("ansible-runner")
        if telling.failed is not None:
            raise telling.failed
        if status in (STOPPED, STUCK):
            raise words.task(telling.task or playbook.name, "it was ended from outside")
        if _FULL in errors:
            raise hub_unusable(_FULL)
        if telling.goes_on:
            words.log("Ansible ended within a task", telling.rest + errors)
            raise words.task(telling.task or playbook.name, "how it ended could not be told")
        raise words.broken([playbook], telling.rest + errors)

    async def _list(self) -> None:
        playbook = program("ansible-playbook") or "ansible-playbook"
        inventories = ["-i", str(self._folder.folder / "inventory")]
        if self._files.inventory:
            inventories += ["-i", str(self._files.inventory)]
        extra = f"@{self._folder.folder / 'env/extravars'}"
        names = [str(each) for each in self._files.playbooks]
        status, said, errors = await self._commands.said(
            (playbook, "--list-tasks", *inventories, "-e", extra, *names)
        )
        if status != 0:
            raise self._words.broken(self._files.playbooks, errors or said)
        self._telling.total = tasks_in(said)

    async def _find_python(self) -> None:
        wanted = self._variables.get("ansible_python_interpreter")
        fixed = wanted if isinstance(wanted, str) and wanted.startswith("/") else None
        found, least = answers(await self._commands.asked(question(fixed))), minimum()
        python = suitable(found, least)
        if python is None:
            versions = sorted({".".join(map(str, version)) for _, version in found})
            raise self._words.python(versions, ".".join(map(str, least)), fixed)
        self._python = python
        variables = {**self._variables, "ansible_python_interpreter": fixed or python}
        await asyncio.to_thread(self._folder.write_variables, self._work.access, variables)
