"""The JupyterHub spawner: traits become commands, polls become views."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any
from uuid import uuid4

from jupyterhub.spawner import Spawner, SpawnException
from traitlets import default

from ....application.use_cases.start_session import SessionFailed
from ....bootstrap.hub import outer_settings
from ....domain.refusals import Refusal
from .choosing import Chosen, choose_for, request_for, take_limits
from .forms import Forms
from .houses import house_of, visit
from .traits import Traits


class MultipleSpawner(Traits, Spawner):  # type: ignore[misc] # the hub has no types
    """Lets each user choose where their server runs, on what and for how long, and gives everything back."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._session: str | None = None
        self._chosen: Chosen | None = None
        self._starting: asyncio.Task[Any] | None = None
        self._resumes = False
        self.given = outer_settings(self, kwargs)
        """Tells apart what hooks set on us, for the inner spawner."""
        visit(self)

    @default("options_form")
    def _options_form_default(self) -> Any:
        return lambda spawner: Forms(spawner).page()

    @default("options_from_form")
    def _options_from_form_default(self) -> Any:
        return Forms(self).read

    @default("apply_user_options")
    def _apply_user_options_default(self) -> Any:
        # they are applied when the offer is chosen; without this the hub calls them unhandled
        return lambda spawner, options: None

    def options_from_query(self, query_data: Mapping[str, list[str]]) -> Any:
        """The selection that a link's query makes."""
        return Forms(self).read_query(query_data)

    # -- state ---------------------------------------------------------------------------------------------

    def load_state(self, state: Mapping[str, Any]) -> None:
        """Point to the session again; all else is in the event log."""
        super().load_state(state)
        self._session = state.get("session")

    def get_state(self) -> dict[str, Any]:
        """A pointer to the session: no secrets, no inner state."""
        state: dict[str, Any] = super().get_state()
        if self._session:
            state["session"] = self._session
        return state

    def clear_state(self) -> None:
        """Let go of the session; what it holds is given back whether or not we point to it."""
        super().clear_state()
        self._session = None
        self._chosen = None

    # -- life ----------------------------------------------------------------------------------------------

    async def _run_apply_user_options(self, user_options: Mapping[str, Any]) -> None:
        # the hub's last await before it makes certificates and reads our time limits
        await self._choose()
        await super()._run_apply_user_options(user_options)

    def start(self) -> Any:
        """Mint the session, point to it and start it.

        A plain function: the hub commits the pointer right after the call, before anything is awaited.
        """
        if self._session is not None:
            # put back and started again: an inner spawner starts once
            self._chosen = None
        self._session = uuid4().hex
        if self.orm_spawner is not None:
            self.orm_spawner.state = {"session": self._session}
        self._starting = asyncio.ensure_future(self._start(self._session))
        return self._starting

    async def _start(self, session: str) -> Any:
        house = await house_of(self)
        chosen = await self._choose()
        request = request_for(self, house, chosen, session)
        house.ports.spawners.hold(session, chosen.inner)
        try:
            await house.start(request)
        except Refusal as refusal:
            house.ports.spawners.let_go(session)
            raise _refused(refusal) from refusal
        except SessionFailed as failure:
            raise chosen.why_it_failed(failure) from failure
        return chosen.inner.answer

    async def poll(self) -> int | None:
        """None while the session has not ended, then its exit status; never raises."""
        if self._session is None:
            return 0
        if self._starting is not None and not self._starting.done():
            # also before the session is in the log: the hub must not take it for ended
            return None
        try:
            house = await house_of(self)
        except Exception:
            self.log.exception(
                "The event log of %s can't be opened; its server counts as running.", self.name
            )
            return None
        poll = house.poll_left_over if self._starting is None else house.poll
        return await poll(self._session)

    async def stop(self, now: bool = False) -> None:
        """End the session and wait until its notebook is gone; the rest is given back afterwards."""
        if self._starting is not None:
            # what it has begun is ended like everything else, once it is in the log
            self._starting.cancel()
            await asyncio.wait({self._starting})
        if self._session is not None:
            house = await house_of(self)
            await house.stop(self._session, "hub", "stopped", now=now)

    async def progress(self) -> AsyncIterator[Mapping[str, Any]]:
        """The inner spawner's events."""
        chosen = self._chosen
        events = chosen.inner.progress() if chosen is not None else super().progress()
        async for event in events:
            yield event

    # -- forwarded -----------------------------------------------------------------------------------------

    async def create_certs(self) -> dict[str, str]:
        """Certificates of internal TLS, with the inner spawner's names."""
        certificates: dict[str, str] = await (await self._choose()).inner.create_certs()
        return certificates

    async def move_certs(self, paths: Mapping[str, str]) -> dict[str, str]:
        """Where the inner spawner puts them."""
        moved: dict[str, str] = await (await self._choose()).inner.move_certs(paths)
        return moved

    async def get_url(self) -> str:
        """The address of the running server; never raises."""
        try:
            inner = await self._inner()
            return str(await super().get_url() if inner is None else await inner.get_url())
        except Exception:
            self.log.exception("The address of %s can't be told; the hub's own is used.", self._log_name)
            return str(self.server.url) if self.server else ""

    async def rename(self, old_name: str, new_name: str) -> None:
        """Tell the inner spawner, if its notebook runs."""
        inner = await self._inner()
        if inner is not None:
            await inner.rename(old_name, new_name)

    async def delete_forever(self) -> None:
        """Let the inner spawner give up what it keeps between notebooks."""
        inner = await self._inner()
        if inner is not None:
            await inner.delete_forever()

    @property
    def will_resume(self) -> bool:
        """Whether the inner spawner means to go on with the same notebook, or somebody said so here."""
        chosen = getattr(self, "_chosen", None)
        return self._resumes or (chosen is not None and bool(chosen.inner.will_resume))

    @will_resume.setter
    def will_resume(self, value: bool) -> None:
        self._resumes = value

    async def _choose(self) -> Chosen:
        if self._chosen is None or not self._chosen.is_for(self.user_options):
            try:
                chosen = choose_for(self, await house_of(self), self.user_options)
            except Refusal as refusal:
                raise _refused(refusal) from refusal
            await chosen.inner.apply_options()
            self._chosen = chosen
            take_limits(self, self._chosen)
            if self._resumes:
                self._chosen.inner.child.will_resume = True
        return self._chosen

    async def _inner(self) -> Any:
        return None if self._session is None else await (await house_of(self)).inner(self._session)


def _refused(refusal: Refusal) -> SpawnException:
    return SpawnException(refusal.message, reason=refusal.code)
