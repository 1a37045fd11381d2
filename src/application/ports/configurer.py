"""Configurers: set a resource up before the notebook starts."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any, ClassVar, Protocol

from attrs import field, frozen

from .authenticator import Access


@frozen
class Work:
    """What is to be set up, for whom."""

    access: Access
    """Of the account that configures."""
    account: str
    """Unix account of the notebook."""
    create_account: bool
    """Whether it is to be made where it is missing."""
    names: Mapping[str, str] = field(repr=False)
    """What the placeholders in the settings stand for; most come from users, and none is ever code."""
    folder: Path
    """0700, for this run alone; the configurer removes it."""


@frozen
class TaskProgress:
    """One task of a configurer, as it begins or ends."""

    task: str
    host: str
    state: str
    """`started`, `ok`, `changed`, `skipped` or `failed`."""
    done: int = 0
    total: int | None = None
    """None when it isn't known."""


class ConfigurationFailed(Exception):
    """A task failed; the message is for the user, without secrets."""

    def __init__(self, code: str, message: str, task: str | None = None, host: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.task = task
        self.host = host


class Configurer(Protocol):
    """Applies one administrator's recipe to a resource; made as `cls(settings, directory)` for its settings.

    In the settings placeholders such as `{JUPYTERHUB_USER}` are not filled in yet. `directory` is the
    spawner's own (0700).
    """

    api: ClassVar[int]
    """Version of this port that the adapter was written for: 1."""
    settings_class: ClassVar[type]
    """An attrs class of what a template says of it."""

    async def digest(self, names: Mapping[str, str]) -> str:
        """Of all that decides what is applied, in 64 hex digits: recipe, settings, names, version.

        The first 32 are of all but the user's name, so that they are alike for users whom one recipe sets up
        beside each other; any other change shows in them. The account need not be in it: it is added.
        """

    async def check(self) -> None:
        """Whether it could be applied from here; raises ConfigurationFailed with what to do."""

    def account(self) -> str | None:
        """The account that configures, where the settings name one."""

    def apply(self, work: Work) -> AsyncIterator[TaskProgress]:
        """Apply it and tell of each task; ends when all is done; raises ConfigurationFailed.

        Safe to repeat. Cancelling ends the run for certain before it returns.
        """


class ConfigurerMissing(Exception):
    """A configurer can't be made here; the message says what to install or configure."""


class Configurers(Protocol):
    """Which configurers there are here."""

    def configurer(self, class_path: str, settings: Mapping[str, Any]) -> Configurer:
        """The one that a template names, with what it says of it. Raises ConfigurerMissing."""
