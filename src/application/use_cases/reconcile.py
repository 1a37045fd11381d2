"""Reconcile what the log says with what there is: after a crash, and every now and then."""

import logging

from attrs import frozen

from ..driver import Driver
from ..failures import kinds
from ..ledger import Ledger
from ..leftovers import Leftovers
from ..ports.event_log import EventLog, LogUnavailable
from ..ports.providers import Providers
from ..reaping import Reaped, reap
from ..trust import Trust
from ..views.open_resources import OpenResources

_logger = logging.getLogger("multiplespawner.reconcile")


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
    resources: OpenResources
    leftovers: Leftovers
    providers: Providers
    hub: str | None = None
    """Only sessions of this hub; None for those of all hubs (what a living hub drives is claimed by it)."""

    async def __call__(self) -> Reconciled:
        """One round; safe to repeat. Raises LogUnavailable, CustodyUnavailable, PrivateStoreUnavailable."""
        if (doubt := await self.trust.doubt()) is not None:
            return Reconciled(doubt=doubt)
        await self.trust.keep()
        held = await self.resources.held()
        driven = [resource for resource in held if await self._drive(resource)]
        names = dict.fromkeys((*self.providers.names(), *filter(None, held.values())))
        reaped = [await reap(self.log, self.resources, self.providers, name) for name in names]
        await self.leftovers.clean()
        return Reconciled(tuple(driven), tuple(reaped))

    async def _drive(self, resource: str) -> bool:
        if not self.driver.drives(resource) and await self._is_ours(resource):
            self.driver.wake(resource)
        return self.driver.drives(resource)

    async def _is_ours(self, resource: str) -> bool:
        try:
            server = (await self.ledger.world(resource)).world.session.server
        except LogUnavailable:
            raise
        except Exception as error:
            # one stream that can't be read must not keep the others from being seen to
            _logger.error("Resource %s can't be seen to: %s", resource, kinds(error))
            return False
        return self.hub is None or server is None or server.hub == self.hub
