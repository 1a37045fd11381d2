"""Start a session: make it durable, have it driven, and wait until its notebook runs or it is over."""

import asyncio
import logging
from typing import Any

from attrs import field, frozen

from ...domain.allowance import PoolFull
from ...domain.refusals import Refusal
from ...domain.session import Session, SessionPhase
from ...domain.world import World
from ..coming import Coming
from ..doubts import Doubts
from ..driver import Driver
from ..ledger import Ledger
from ..placing import Pool, Share, pool_for, share_in, shares_of
from ..ports.clock import Clock
from ..ports.event_log import Origin
from ..ports.ids import Ids
from ..ports.private_store import PrivateStore
from ..ports.provider import Provider
from ..ports.providers import Providers
from ..ports.user_names import UserNames, UserNamesUnavailable
from ..trust import Trust
from ..watching import Watching
from .session_request import SessionRequest, commands_for
from .stop_session import StopSession

_logger = logging.getLogger("multiplespawner.sessions")

_CANCEL_LIMIT = 0.9
"""Seconds that a cancelled start waits for its stop request to be durable; one is what the hub may wait."""


class SessionFailed(Exception):
    """The session is over before its notebook ran; `code` is stable, the message is for the user."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@frozen
class StartSession:
    """Starts sessions."""

    trust: Trust
    ledger: Ledger
    driver: Driver
    watching: Watching
    doubts: Doubts
    coming: Coming
    private: PrivateStore
    names: UserNames
    providers: Providers
    ids: Ids
    clock: Clock
    stop: StopSession
    _cancelling: set[asyncio.Task[Any]] = field(factory=set, init=False)

    async def __call__(self, request: SessionRequest) -> Session:
        """The running session. Raises Refusal, SessionFailed, and where something of ours can't be had
        ProviderMissing, LogUnavailable, CustodyUnavailable or PrivateStoreUnavailable.

        Cancelled, it asks for the session's end, which the driver sees to.
        """
        requesting = asyncio.create_task(self._request(request))
        try:
            # an append can't be taken back: it is seen through, and then the session is ended
            await asyncio.shield(requesting)
            session = await self.watching.until(request.session, _has_started_or_ended)
        except asyncio.CancelledError:
            await self._cancel(requesting, request.session)
            raise
        if session.is_over:
            raise SessionFailed(session.reason or "ended", session.message or "Your server has ended.")
        return session

    async def _request(self, request: SessionRequest) -> None:
        await self.trust.require()
        provider = self.providers.provider(request.offer.provider)
        pool = await pool_for(provider, request.offer, request.selection.hardware)
        await self._remember(request)
        deployment = self.ids.fresh()
        async with self.coming.begun(deployment):
            await self._make_durable(request, provider, pool, deployment)
        self.driver.begin(request.resource)

    async def _make_durable(
        self, request: SessionRequest, provider: Provider, pool: Pool | None, deployment: str
    ) -> None:
        # what the log tells of must be there before it is told, and nobody may take the resource over
        digest = await self.private.put(f"deployment/{deployment}/spawner", dict(request.document))
        try:
            await self.driver.claim(request.resource)
            await self._record(request, provider, pool, deployment, digest)
        except BaseException as error:
            # if it is in the log after all, the next round takes it over
            await self.driver.unclaim(request.resource)
            if isinstance(error, Refusal):
                await self.private.forget(f"deployment/{deployment}")
            raise

    async def _record(
        self, request: SessionRequest, provider: Provider, pool: Pool | None, deployment: str, digest: str
    ) -> None:
        known = await self.ledger.as_named(World(request.resource, request.session, deployment))
        origin = Origin("hub", str(request.server.user), request.request_id)
        kind = "provider" if provider.allocates else "spawner"
        token = f"{self.ledger.owner}-{request.resource}"
        while True:
            shares = await self._shares(request, provider, pool)
            commands = commands_for(request, deployment, digest, token, kind, shares, self.clock.now())
            try:
                await self.ledger.record(known, commands, origin)
            except PoolFull:
                if pool is None:
                    raise
                # the last room of that machine was taken meanwhile: there may be another
                continue
            return

    async def _shares(
        self, request: SessionRequest, provider: Provider, pool: Pool | None
    ) -> tuple[Share, ...]:
        if pool is None:
            return shares_of(request.offer.provider, provider)
        return (await share_in(pool, request.selection.hardware, self.ledger, self.doubts),)

    async def _remember(self, request: SessionRequest) -> None:
        try:
            await self.names.remember(request.server.hub, request.server.user, request.user)
        except UserNamesUnavailable as error:
            _logger.warning("The name of user %d is not remembered: %s", request.server.user, error)

    async def _cancel(self, requesting: asyncio.Task[None], session: str) -> None:
        task = asyncio.create_task(self._end(requesting, session))
        self._cancelling.add(task)
        task.add_done_callback(self._cancelled)
        await asyncio.wait({task}, timeout=_CANCEL_LIMIT)

    async def _end(self, requesting: asyncio.Task[None], session: str) -> None:
        await asyncio.wait({requesting})
        if requesting.exception() is None:
            await self.stop.request(session, "hub", "start_cancelled")

    def _cancelled(self, task: asyncio.Task[Any]) -> None:
        self._cancelling.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _logger.error("The stop of a cancelled start could not be recorded: %s", error)


def _has_started_or_ended(session: Session) -> bool:
    return session.phase is SessionPhase.RUNNING or session.is_over
