"""Sets a resource up with Ansible playbooks over SSH."""

import asyncio
import secrets
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, ClassVar

import attrs

from ....application.canonical_json import canonical_json, sha256
from ....application.ports.configurer import ConfigurationFailed, TaskProgress, Work
from ....application.substitution import fill, placeholders
from ..ssh.failures import SshFailed
from ..ssh.to_the_end import to_the_end
from .ansible_failures import LOG, hub_unusable, not_installed
from .ansible_run import AnsibleRun
from .ansible_settings import AnsibleSettings
from .environment import program
from .hub_name import hub_name
from .own_variables import ca_keys, own_variables
from .playbook_files import PACKAGE, Files, files_of, missing
from .recipe import TooLarge, digest_of
from .run_folder import RunFolder

_USER = "JUPYTERHUB_USER"
_KEY = "auth_key"
_PACKAGES = ("ansible-core", "ansible-runner", "jupyterhub")


class AnsibleConfigurer:
    """Runs ansible-runner in a process of its own, with nothing of the hub's environment.

    What users typed is text for Ansible, wherever it stands: a value with a placeholder is no template of
    Ansible, whatever else stands in it.
    """

    api: ClassVar[int] = 1
    settings_class: ClassVar[type] = AnsibleSettings

    def __init__(self, settings: AnsibleSettings, directory: Path) -> None:
        self._settings = settings
        self._directory = directory

    async def digest(self, names: Mapping[str, str]) -> str:
        """Of playbooks, inventory and what belongs to them, settings, names, hub, its CA keys and versions.

        The first 32 of its 64 hex digits are without the user's name.
        """
        return await asyncio.to_thread(self._digest, names)

    async def check(self) -> None:
        """Whether Ansible, OpenSSH and the files that settings name are there. Raises ConfigurationFailed."""
        await asyncio.to_thread(self._check)

    def account(self) -> str | None:
        """What the variable `ansible_user` says; None also where a user's choice is filled in."""
        said = self._settings.options.host_variables.get("ansible_user")
        return said if isinstance(said, str) and said and not any(placeholders(said)) else None

    async def apply(self, work: Work) -> AsyncGenerator[TaskProgress]:
        """Run the playbooks one after the other. Raises ConfigurationFailed.

        Ended before its time, nothing of it runs any more here, nor, where it can still be reached, there.
        """
        folder = RunFolder(work.folder)
        try:
            await to_the_end(self._check)
            files = await asyncio.to_thread(self._files, work.names)
            run = AnsibleRun(self._settings, work, folder, files)
            extra = await asyncio.to_thread(own_variables, work, self._directory)
            await to_the_end(run.prepare, extra)
            await run.look()
            async with aclosing(run.apply()) as tasks:
                async for progress in tasks:
                    yield progress
        except OSError as error:
            LOG.error("The files of a run can't be written, or it can't be started: %s", error)
            raise hub_unusable(error.strerror or type(error).__name__) from error
        finally:
            await to_the_end(folder.remove)

    def _check(self) -> None:
        for name in _PACKAGES[:2]:
            if _version(name) is None:
                raise not_installed(name)
        for name in ("ansible-playbook", "ssh"):
            if program(name) is None:
                raise not_installed(name)
        if not self._settings.options.apply_kwargs.all():
            raise missing("at all: options.apply_kwargs names none")
        self._files()

    def _files(self, names: Mapping[str, str] | None = None) -> Files:
        return files_of(self._settings, self._folders(), names)

    def _folders(self) -> tuple[Path, ...]:
        return (self._directory, self._directory / "playbooks", PACKAGE)

    def _digest(self, names: Mapping[str, str]) -> str:
        settings = self._settings
        try:
            files = self._files(names)
            recipe = digest_of(files.playbooks, (*files.roles, *files.collections), files.inventory)
            authorities, hub = ca_keys(self._directory), hub_name(self._directory)
        except (OSError, TooLarge, ConfigurationFailed, SshFailed):
            # it can't be applied, which is said when it is to be
            recipe, authorities, hub = secrets.token_hex(), (), ""
        said = attrs.asdict(settings)
        # nor was it ever applied with a key that is yet to be made
        again = settings.rerun or fill(said, {_KEY: ""}) != fill(said, {})
        decides = {
            "recipe": recipe,
            "settings": fill(said, {name: value for name, value in names.items() if name != _USER}),
            "authorities": authorities,
            "hub": hub,
            "versions": [_version(name) for name in _PACKAGES],
            "again": secrets.token_hex() if again else "",
        }
        return _half(decides) + _half([decides, fill(said, names)])


def _half(decides: Any) -> str:
    return sha256(canonical_json(decides))[:32]


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
