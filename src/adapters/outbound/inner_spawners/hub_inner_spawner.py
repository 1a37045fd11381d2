"""The inner spawner of one session: a JupyterHub spawner behind the port."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

from attrs import define, field, frozen
from jupyterhub.spawner import Spawner
from jupyterhub.utils import maybe_future

from ....application.ports.inner_spawner import Equipment, Liveness, Polled, SpawnFailed
from .answers import polled, start_failed, url_of
from .asking import ask
from .child import push, refit
from .outer_settings import OuterSettings
from .progress import events_until
from .starting import begin
from .state_watch import StateWatch
from .stopping import stop_child
from .unspoken import tells


@frozen
class Limits:
    """How long to wait for an inner spawner, in seconds."""

    poll: float = 10.0
    """For one poll; then the notebook's liveness is unknown."""
    stop: float = 300.0
    """For `stop`: LocalProcessSpawner takes 65 when a process ignores its signals, slow clouds minutes."""
    gone: float = 30.0
    """For the notebook to be gone after `stop` has returned."""
    watch: float = 0.1
    """Between two looks at the state while starting, and two polls while stopping."""


@define(eq=False)
class HubInnerSpawner:
    """Drives the child of an outer spawner; satisfies the port InnerSpawner.

    Codes of SpawnFailed, from `start`: `inner_refused`, `inner_timeout`, `inner_no_address`,
    `inner_bad_address`, `inner_given_up` (stopped meanwhile), `inner_start_failed`; from `stop`:
    `inner_stop_failed`, `inner_still_running`.
    """

    settings: OuterSettings = field(repr=False)
    child: Spawner = field(repr=False)
    user_options: Mapping[str, Any] = field(repr=False)
    """The inner spawner's own part of what the user chose."""
    environment: Mapping[str, str] = field(repr=False)
    """Our variables for the notebook: MULTIPLESPAWNER_RESOURCE."""
    later: Callable[[Mapping[str, str]], Mapping[str, Any]] = field(
        default=lambda _names: {}, kw_only=True, repr=False
    )
    """Settings that are known only with the names of a resource; blocks."""
    limits: Limits = Limits()
    secrets: tuple[str, ...] = field(default=(), repr=False)
    """Those in its settings."""
    answer: Any = field(default=None, init=False)
    """What the child's `start` gave, as it gave it: a URL or (ip, port); None until then."""
    begun: asyncio.Event = field(factory=asyncio.Event, init=False, repr=False)
    """Set once `start` was called: before that the child's progress tells nothing of this start."""
    _watch: StateWatch = field(init=False, repr=False)
    _starting: asyncio.Task[str] | None = field(default=None, init=False, repr=False)

    @_watch.default
    def _of_the_child(self) -> StateWatch:
        return StateWatch(self.child)

    async def equip(self, equipment: Equipment) -> None:
        """Set on the child what is known of its resource, and hand it the way in where it takes one.

        Raises SpawnFailed (`inner_settings`).
        """
        settings = await asyncio.to_thread(self.later, equipment.names)
        refit(self.settings, self.child, settings)
        take_access = getattr(self.child, "take_access", None)
        if take_access is not None and equipment.access is not None:
            take_access(equipment.access)

    async def apply_options(self) -> None:
        """Have the child apply its part of what the user chose; before `start`, and before hooks.

        A function that is configured for all spawners has been called on the outer one. Raises what the hub
        would show: HTTPError with status 400 for options that don't fit.
        """
        own = self.child.apply_user_options
        if own and not (callable(own) and own == self.settings.outer.apply_user_options):
            await self.child._run_apply_user_options(dict(self.user_options))

    async def start(self, on_state: Callable[[Mapping[str, Any]], None]) -> str:
        """Start the notebook; a second call waits for the same start.

        The outer spawner gets the child's API token afterwards: a resumed container keeps its old one.
        """
        if self._starting is None:
            self._starting = asyncio.create_task(self._start(on_state))
            self.begun.set()
            # Nobody may be waiting any more when it fails; its text is not for asyncio's log.
            self._starting.add_done_callback(lambda task: task.cancelled() or task.exception())
        await asyncio.wait({self._starting})  # cancelling this leaves the start alone
        if self._starting.cancelled():
            raise SpawnFailed("inner_given_up", "The start was given up.")
        return self._starting.result()

    async def _start(self, on_state: Callable[[Mapping[str, Any]], None]) -> str:
        try:
            push(self.settings, self.child, self.user_options, self.environment)
            async with self._watch.telling(on_state, self.limits.watch):
                self.answer = await begin(self.settings.outer, self.child)
            return url_of(self.answer, self.child.internal_ssl)
        except SpawnFailed:
            raise
        except Exception as error:
            raise start_failed(error) from error

    @property
    def error(self) -> BaseException | None:
        """What the child's own `start` raised; None if it did not, or not yet, or if it tells a secret."""
        if self._starting is None or not self._starting.done() or self._starting.cancelled():
            return None
        failure = self._starting.exception()
        error = failure.__cause__ if isinstance(failure, SpawnFailed) else failure
        known = (self.child.api_token, *self.secrets, *map(str, self.settings.environment()[0].values()))
        return None if error is None or tells(error, known) else error

    async def poll(self) -> Polled:
        """Whether the notebook runs; while it starts, it does: many answer 0 until they have an id."""
        if self._starting is not None and not self._starting.done():
            return Polled(Liveness.RUNNING)
        try:
            return polled(await ask(self.child.poll, self.limits.poll))
        except Exception as error:
            return Polled(Liveness.UNKNOWN, detail=f"poll failed: {type(error).__name__}")

    async def stop(self, now: bool) -> int:
        """Stop the notebook, give up a start that is under way, and wait until it is gone."""
        if self._starting is not None and not self._starting.done():
            self._starting.cancel()
            await asyncio.wait({self._starting}, timeout=self.limits.gone)
        return await stop_child(self.child, now, self.poll, self.limits)

    async def progress(self) -> AsyncIterator[Mapping[str, Any]]:
        """The child's own events, until its start is over."""
        async for event in events_until(self._starting, self.child):
            yield event

    def state(self) -> Mapping[str, Any]:
        """What the child needs to find its notebook again; what it last said if it can't say now."""
        self._watch.look()
        return dict(self._watch.last)

    @property
    def will_resume(self) -> bool:
        """Whether the child means to go on with the same notebook next time; ask each time."""
        return bool(self.child.will_resume)

    @property
    def tells_url(self) -> bool:
        """Whether the child itself knows where its notebook is; the others repeat what the hub has."""
        return type(self.child).get_url is not Spawner.get_url

    async def get_url(self) -> str:
        """Return the URL that the child knows; may raise what the child raises."""
        return str(await maybe_future(self.child.get_url()))

    async def create_certs(self) -> dict[str, str]:
        """Make the certificates of internal TLS with the child's names; before `start`."""
        return dict(await maybe_future(self.child.create_certs()))

    async def move_certs(self, paths: Mapping[str, str]) -> dict[str, str]:
        """Put the certificates where the child's notebook finds them; the result goes to `cert_paths`."""
        return dict(await maybe_future(self.child.move_certs(dict(paths))))

    async def rename(self, old_name: str, new_name: str) -> None:
        """Tell the child that its server gets another name; an error forbids it."""
        await maybe_future(self.child.rename(old_name, new_name))

    @property
    def has_more_to_delete(self) -> bool:
        """Whether the child's class does anything in `delete_forever`."""
        return type(self.child).delete_forever is not Spawner.delete_forever

    async def delete_forever(self) -> None:
        """Let the child give up what it keeps between notebooks, such as volumes."""
        await maybe_future(self.child.delete_forever())
