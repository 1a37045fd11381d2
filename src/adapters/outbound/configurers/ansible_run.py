"""One run on one resource: a look at it and at the playbooks first, then the playbooks."""

import asyncio
import shlex
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from pathlib import Path
from typing import Any

from attrs import define, field

from ....application.ports.configurer import TaskProgress, Work
from ..ssh import SshFailed, again_while_hung_up
from .ansible_events import Telling
from .ansible_failures import HUNG_UP, Words, not_installed
from .ansible_settings import AnsibleSettings
from .environment import environment, program
from .farewell import farewell
from .literal_values import filled, secrets_of
from .playbook_files import in_path
from .run_folder import RunFolder
from .ssh_arguments import SECONDS_TO_CONNECT, to
from .supervised import Orders, Supervised
from .supervisor import STOPPED, STUCK, TIMED_OUT
from .target_python import answers, minimum, question, suitable
from .task_listing import tasks_in

_UNREACHED = 255
"""OpenSSH's own status."""
_NO_PROGRAM = 127


@define
class AnsibleRun:
    """Everything that is run for one Work, within its time limit."""

    _settings: AnsibleSettings
    _work: Work
    _folder: RunFolder
    _playbooks: tuple[Path, ...]
    _words: Words = field(init=False)
    _telling: Telling = field(init=False)
    _until: float = field(init=False)
    _variables: dict[str, Any] = field(init=False, repr=False)
    _environment: Mapping[str, str] = field(init=False, repr=False, factory=dict)
    _inventory: Path | None = field(init=False, default=None)
    _python: str = field(init=False, default="")

    def __attrs_post_init__(self) -> None:
        self._variables = filled(self._settings.options.host_variables, self._work.names)
        told = (self._settings.options.host_variables, self._work.names)
        hidden = sorted({each for values in told for each in secrets_of(values)}, key=len, reverse=True)
        self._words = Words(self._work.access.address, tuple(hidden))
        self._telling = Telling(self._words)
        self._until = asyncio.get_running_loop().time() + self._settings.time_limit

    def prepare(self, extra: Mapping[str, Any]) -> None:
        """Write the files; blocks. Raises ConfigurationFailed for an inventory that can't be meant."""
        settings = self._settings
        if named := settings.options.inventory_path:
            self._inventory = Path(in_path(named, self._work.names)).expanduser()
        self._folder.make()
        self._folder.write_inventory(settings.options.host_settings.group, extra, self._inventory)
        self._folder.write_variables(self._work.access, self._variables)
        self._environment = environment(
            self._folder, shlex.join(self._ssh()), settings.roles_path, settings.collections_path
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
        for playbook in self._playbooks:
            async with aclosing(self._apply(playbook)) as tasks:
                async for progress in tasks:
                    yield progress

    async def _apply(self, playbook: Path) -> AsyncGenerator[TaskProgress]:
        runner = (sys.executable, "-I", "-m", "ansible_runner", "run", "-j")
        command = (*runner, str(self._folder.folder), "-p", str(playbook))
        running = await self._started(command, stoppable=True)
        try:
            async with aclosing(running.lines()) as lines:
                async for line in lines:
                    if progress := self._telling.tell(line):
                        yield progress
            self._judge(playbook, await running.ended(), running.errors.decode(errors="replace"))
        finally:
            await running.stop()

    def _judge(self, playbook: Path, status: int, errors: str) -> None:
        if status == TIMED_OUT:
            raise self._words.time_limit(self._settings.time_limit, self._telling.task)
        if status == 0 and not self._telling.unmatched:
            return
        if status == 0:
            raise self._words.broken([playbook], "none of its last plays is for this machine or its group")
        said = self._telling.rest + errors
        if status == _NO_PROGRAM or "No module named" in errors:
            self._words.log("Ansible can't be run", said)
            raise not_installed("ansible-runner")
        if self._telling.failed is not None:
            raise self._telling.failed
        if status in (STOPPED, STUCK):
            raise self._words.task(self._telling.task or playbook.name, "it was ended from outside")
        raise self._words.broken([playbook], said)

    async def _list(self) -> None:
        playbook = program("ansible-playbook") or "ansible-playbook"
        inventories = ["-i", str(self._folder.folder / "inventory")]
        if self._inventory:
            inventories += ["-i", str(self._inventory)]
        extra = f"@{self._folder.folder / 'env/extravars'}"
        names = [str(each) for each in self._playbooks]
        status, said, errors = await self._said((playbook, "--list-tasks", *inventories, "-e", extra, *names))
        if status != 0:
            raise self._words.broken(self._playbooks, errors or said)
        self._telling.total = tasks_in(said)

    async def _find_python(self) -> None:
        wanted = self._variables.get("ansible_python_interpreter")
        fixed = wanted if isinstance(wanted, str) and wanted.startswith("/") else None
        try:
            said = await again_while_hung_up(lambda _: self._asked(question(fixed)), SECONDS_TO_CONNECT)
        except SshFailed as error:
            raise self._words.unreachable(str(error)) from error
        found, least = answers(said), minimum()
        python = suitable(found, least)
        if python is None:
            versions = sorted({".".join(map(str, version)) for _, version in found})
            raise self._words.python(versions, ".".join(map(str, least)), fixed)
        self._python = python
        variables = {**self._variables, "ansible_python_interpreter": fixed or python}
        await asyncio.to_thread(self._folder.write_variables, self._work.access, variables)

    async def _asked(self, question: str) -> str:
        """What a command writes there; the connection stays, and all that comes later goes through it."""
        status, said, errors = await self._said(("ssh", *self._ssh(), *to(self._work.access), question))
        if status == _UNREACHED and any(sign in errors for sign in HUNG_UP):
            raise SshFailed("connection_lost", errors)
        if status == _UNREACHED:
            raise self._words.unreachable(errors)
        return said

    async def _said(self, command: tuple[str, ...]) -> tuple[int, str, str]:
        """Status, output and errors of a command."""
        running = await self._started(command)
        try:
            async with aclosing(running.lines()) as lines:
                said = b"\n".join([line async for line in lines])
            status = await running.ended()
        finally:
            await running.stop()
        if status == TIMED_OUT:
            raise self._words.time_limit(self._settings.time_limit, None)
        return status, said.decode(errors="replace"), running.errors.decode(errors="replace")

    async def _started(self, command: tuple[str, ...], *, stoppable: bool = False) -> Supervised:
        left = self._until - asyncio.get_running_loop().time()
        if left <= 0:
            raise self._words.time_limit(self._settings.time_limit, self._telling.task)
        last = farewell(self._ssh(), to(self._work.access), self._python) if stoppable else None
        folder = self._folder
        return await Supervised.start(
            Orders(command, self._environment, left, folder.folder, folder.all(), last)
        )

    def _ssh(self) -> tuple[str, ...]:
        return self._folder.ssh(self._work.access)
