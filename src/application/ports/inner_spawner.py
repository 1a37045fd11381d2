"""Inner spawners: what starts the notebook on a resource; any JupyterHub Spawner class can be one."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from enum import StrEnum
from typing import Any, Protocol

from attrs import field, frozen

from .authenticator import Access


class Liveness(StrEnum):
    """What is known of a notebook."""

    RUNNING = "running"
    GONE = "gone"
    UNKNOWN = "unknown"


@frozen
class Equipment:
    """What is known of a resource only once it is there."""

    names: Mapping[str, str] = field(factory=dict, repr=False)
    """What placeholders in the spawner's settings stand for, such as `endpoint`."""
    access: Callable[[], Awaitable[Access]] | None = field(default=None, repr=False)
    """The way in, to be asked for before each connection; raises AuthenticationFailed. None without an
    authenticator."""


NOTHING_KNOWN = Equipment()


@frozen
class Polled:
    """Answer to a poll."""

    liveness: Liveness
    status: int | None = None
    """Exit status when gone (0 if the spawner doesn't know); None otherwise."""
    detail: str = ""
    """Why it is unknown; for administrators."""


class SpawnFailed(Exception):
    """The inner spawner's start failed; `code` is stable, `message` is for the user, without secrets.

    The cause (`__cause__`) is the spawner's own exception.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class InnerSpawner(Protocol):
    """One notebook's spawner; only on the event loop."""

    async def equip(self, equipment: Equipment) -> None:
        """Take what is known of the resource: before `start`, and after it was made again. Safe to repeat.

        Raises SpawnFailed where the settings don't take it.
        """

    async def start(self, on_state: Callable[[Mapping[str, Any]], None]) -> str:
        """Start the notebook and return the URL under which the hub reaches it.

        `on_state` is called with the spawner's state each time it is seen to change, also while starting.
        Cancelling stops waiting, not what was begun. Raises SpawnFailed.
        """

    async def poll(self) -> Polled:
        """Whether the notebook runs; never raises; bounded in time."""

    async def stop(self, now: bool) -> int:
        """Stop the notebook, wait until it is gone, and return its exit status (0 if unknown).

        Gone already is success. Raises SpawnFailed when it can't be stopped; a retry may help.
        """

    def progress(self) -> AsyncIterator[Mapping[str, Any]]:
        """The spawner's own progress events while it starts; ends by itself; never raises."""

    def state(self) -> Mapping[str, Any]:
        """What the spawner needs to find its notebook again: strict JSON."""


class InnerSpawners(Protocol):
    """Makes inner spawners, one a session."""

    def hold(self, session: str, inner: InnerSpawner) -> None:
        """Hold a session's spawner from now on, in place of what was held."""

    def of(self, session: str) -> InnerSpawner | None:
        """The one that this process holds for a session; None if it holds none."""

    async def rebuild(
        self, session: str, document: Mapping[str, Any], equipment: Equipment = NOTHING_KNOWN
    ) -> InnerSpawner | None:
        """Make the spawner of a session again from what the private store has of it, and equip it.

        Nobody is handed it before that. Raises SpawnFailed where it does not take what it is told.

        None where it can't be made here and what it started is found through the provider instead.
        """

    async def is_expected(self, session: str, document: Mapping[str, Any]) -> bool:
        """Whether whoever asked for a running session still points to it; True where that can't be known."""

    def let_go(self, session: str) -> None:
        """Forget the session's spawner; safe to repeat."""
