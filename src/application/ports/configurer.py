"""Configurers: set a resource up before the notebook starts."""

from collections.abc import AsyncIterator, Mapping
from typing import Any, Protocol

from attrs import frozen

from ...domain.values import Endpoint
from .authenticator import Credentials


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
    """Applies one administrator's recipe to a resource."""

    def digest(self, settings: Any) -> str:
        """SHA-256 (hex) of all that decides what is applied: recipe, variables, version."""

    async def check(self, settings: Any) -> None:
        """Whether it could be applied from here; raises ConfigurationFailed with what to do."""

    def apply(
        self,
        endpoint: Endpoint,
        credentials: Credentials | None,
        settings: Any,
        variables: Mapping[str, str],
    ) -> AsyncIterator[TaskProgress]:
        """Apply it and tell of each task; ends when all is done; raises ConfigurationFailed.

        Safe to repeat. Cancelling ends the run for certain before it returns.
        """
