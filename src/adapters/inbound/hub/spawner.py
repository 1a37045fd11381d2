"""The JupyterHub spawner: traits become commands, polls become views."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing, suppress
from typing import Any
from uuid import uuid4

from jupyterhub.spawner import Spawner, SpawnException
from traitlets import default

from ....application.failures import kinds
from ....application.ports.inner_spawner import SpawnFailed
from ....application.ports.private_store import PrivateStoreUnavailable
from ....application.use_cases.start_session import SessionFailed
from ....bootstrap.hub import outer_settings
from ....domain.refusals import Refusal
from . import last_inner
from .advice import spawn_exception
from .choosing import Chosen, choose_for, request_for, take_limits
from .forms import Forms
from .forwarding import Forwarding
from .houses import house_of, visit
from .pointing import Pointing
from .progress import events_of
from .remembering import Remembering, asked_of
from .reported import OnlyThePortIsReported
from .spawn_form.html import CALLED_OFF
from .step_words import NEVER_ANSWERED
from .traits import Traits


class MultipleSpawner(OnlyThePortIsReported, Pointing, Forwarding, Remembering, Traits, Spawner):  # type: ignore[misc] # the hub has no types
    """Lets each user choose where their server runs, on what and for how long, and gives everything back."""

    _starting: asyncio.Task[Any] | None = None

    def __init__(self, **kwargs: Any) -> None:
        self.under_way = asyncio.Event()
        """Set once it is chosen what is started: then there is a progress to tell."""
        super().__init__(**kwargs)
        self.given = outer_settings(self, kwargs)
        """Tells apart what hooks set on us, for the inner spawner."""
        visit(self)

    @default("options_form")
    def _options_form_default(self) -> Any:
        return _form

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

    def clear_state(self) -> None:
        """Let go of the session and of what was made for it."""
        super().clear_state()
        self._chosen = self._starting = self._stopped = None
        self.under_way.clear()

    # -- life ----------------------------------------------------------------------------------------------

    async def _run_apply_user_options(self, user_options: Mapping[str, Any]) -> None:
        # the hub's last await before it makes certificates and reads our time limits
        await self._choose()
        # nothing asked for may by now be what is remembered
        await super()._run_apply_user_options(user_options or self.user_options)

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
        self.under_way.set()
        try:
            request = await request_for(self, house, chosen, session)
        except SpawnFailed as failure:
            raise spawn_exception(failure.message, failure.code) from failure
        before = await last_inner.keep(house, chosen)
        house.ports.spawners.hold(session, chosen.inner)
        try:
            await house.start(request)
        except SessionFailed as failure:
            raise _failed(failure, session, chosen.inner.error) from failure
        except Exception as error:
            # it may be in the log although the answer got lost: then whoever takes it over makes its own
            house.ports.spawners.let_go(session)
            with suppress(PrivateStoreUnavailable):
                await last_inner.put_back(house, chosen, before)
            if isinstance(error, Refusal):
                raise _refused(error) from error
            raise
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
        except Exception as error:
            self.log.error("%s can't be polled, it counts as running: %s", self._log_name, kinds(error))
            return None
        poll = house.poll_left_over if self._starting is None else house.poll
        return await poll(self._session)

    async def stop(self, now: bool = False) -> None:
        """End the session and wait until its notebook is gone; the rest is given back afterwards."""
        self._stopped = self._inner_here()
        if self._starting is not None:
            # what it has begun is ended like everything else, once it is in the log
            self._starting.cancel()
            await asyncio.wait({self._starting})
        if self._session is not None:
            house = await house_of(self)
            # only when it has waited in vain does the hub stop what it still waits for
            why = NEVER_ANSWERED if self._waiting_for_response else "stopped"
            await house.stop(self._session, "hub", why, now=now)

    async def progress(self) -> AsyncIterator[Mapping[str, Any]]:
        """Our own steps, and the inner spawner's events within its step; never raises."""
        async with aclosing(events_of(self)) as events:
            async for event in events:
                yield event

    @property
    def chosen(self) -> Chosen | None:
        """What is started, once it is chosen; None for what another process began."""
        return self._chosen

    # -- choice --------------------------------------------------------------------------------------------

    async def _choose(self) -> Chosen:
        if self._chosen is None or not self._chosen.is_for(self.user_options):
            house = await house_of(self)
            try:
                asked = await asked_of(self, house)
                chosen = await choose_for(self, house, asked)
            except Refusal as refusal:
                self.keep_remembered()
                raise _refused(refusal) from refusal
            except SpawnFailed as failure:
                self.keep_remembered()
                raise spawn_exception(failure.message, failure.code) from failure
            self.remember(asked)
            await chosen.inner.apply_options()
            self._chosen = chosen
            take_limits(self, self._chosen)
            if self._resumes:
                self._chosen.inner.child.will_resume = True
        return self._chosen


async def _form(spawner: MultipleSpawner) -> str:
    page = await Forms(spawner).page()
    return f"{CALLED_OFF}{page}" if page and spawner.was_called_off else page


def _failed(failure: SessionFailed, session: str, inner: BaseException | None) -> BaseException:
    """For the hub: the inner spawner's own error, unless it has a code that we know what to do about."""
    if inner is not None and failure.code != getattr(inner, "code", None):
        return inner
    detail = getattr(inner, "log_message", "")
    error: BaseException = spawn_exception(failure.message, failure.code, session, log_message=detail)
    return error


def _refused(refusal: Refusal) -> SpawnException:
    return SpawnException(refusal.message, reason=refusal.code)
