"""Reconcile what the log says with what there is: after a crash, and every now and then."""

from attrs import frozen

from ...domain.session import RequestStop, SessionPhase
from ...domain.world import World
from ..driver import Driver
from ..ledger import Known, Ledger
from ..leftovers import Leftovers
from ..ports.event_log import EventLog, Origin
from ..ports.inner_spawner import InnerSpawners
from ..ports.private_store import PrivateStore
from ..ports.providers import Providers
from ..reaping import Reaped, reap
from ..trust import Trust
from ..views.open_resources import OpenResources
from .poll_session import PollSession


@frozen
class Reconciled:
    """What was found."""

    driven: tuple[str, ...] = ()
    """Ids of open resources that are seen to."""
    reaped: tuple[Reaped, ...] = ()
    """What each provider held that the log does not know."""
    doubt: str | None = None
    """Why nothing was done: the log is only observed."""


@frozen(kw_only=True)
class Reconcile:
    """Takes over what a dead process left behind."""

    log: EventLog
    trust: Trust
    ledger: Ledger
    driver: Driver
    poll: PollSession
    resources: OpenResources
    leftovers: Leftovers
    providers: Providers
    spawners: InnerSpawners
    private: PrivateStore
    hub: str | None = None
    """Only sessions of this hub; None for those of all hubs (what a living hub drives is claimed by it)."""

    async def __call__(self) -> Reconciled:
        """One round; safe to repeat. Raises LogUnavailable, LogDamaged, CustodyUnavailable."""
        if (doubt := await self.trust.doubt()) is not None:
            return Reconciled(doubt=doubt)
        await self.trust.keep()
        held = await self.resources.held()
        driven = [resource for resource in held if await self._drive(resource)]
        names = dict.fromkeys((*self.providers.names(), *held.values()))
        reaped = [await reap(self.log, self.resources, self.providers, name) for name in names]
        await self.leftovers.clean(held)
        return Reconciled(tuple(driven), tuple(reaped))

    async def _drive(self, resource: str) -> bool:
        if self.driver.drives(resource):
            return True
        known = await self.ledger.world(resource)
        server = known.world.session.server
        if self.hub is not None and server is not None and server.hub != self.hub:
            return False
        if known.world.session.phase is SessionPhase.RUNNING:
            await self._adopt(known)
        self.driver.wake(resource)
        return True

    async def _adopt(self, known: Known) -> None:
        """Go on with a running session, unless its notebook has ended or nobody counts on it any more."""
        if await self._is_expected(known.world):
            await self.poll(known.world.session_id)
        else:
            await self.ledger.record(known, (RequestStop("system", "not_expected"),), Origin("reconcile"))

    async def _is_expected(self, world: World) -> bool:
        document = await self.private.get(f"deployment/{world.deployment_id}/spawner")
        return document is None or await self.spawners.is_expected(world.session_id, document)
