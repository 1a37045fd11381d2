"""Reconcile what the log says with what there is: after a crash, and every now and then."""

from collections.abc import Iterable, Mapping

from attrs import field, frozen

from ..driver import Driver
from ..ledger import Ledger
from ..ports.event_log import EventLog
from ..ports.private_store import PrivateStore
from ..ports.providers import Providers
from ..reaping import Reaped, reap
from ..trust import Trust
from ..views.open_resources import open_resources
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


@frozen
class Reconcile:
    """Takes over what a dead process left behind."""

    log: EventLog
    trust: Trust
    ledger: Ledger
    driver: Driver
    poll: PollSession
    providers: Providers
    private: PrivateStore
    hub: str | None = None
    """Only sessions of this hub; None for those of all hubs (what a living hub drives is claimed by it)."""
    _seen: dict[str, int] = field(factory=dict, init=False)

    async def __call__(self) -> Reconciled:
        """One round; safe to repeat. Raises LogUnavailable, LogDamaged, CustodyUnavailable."""
        if (doubt := await self.trust.doubt()) is not None:
            return Reconciled(doubt=doubt)
        await self.trust.keep()
        held = await open_resources(self.log)
        driven = [resource for resource in held if await self._drive(resource)]
        names = dict.fromkeys((*self.providers.names(), *held.values()))
        reaped = [await reap(self.log, self.providers, name) for name in names]
        await self._clean_private(held)
        return Reconciled(tuple(driven), tuple(reaped))

    async def _drive(self, resource: str) -> bool:
        world = (await self.ledger.world(resource)).world
        server = world.session.server
        if self.hub is not None and server is not None and server.hub != self.hub:
            return False
        self.driver.wake(resource)
        if world.session.address is not None and world.session.is_active:
            await self.poll(world.session_id)
        return True

    async def _clean_private(self, held: Mapping[str, str]) -> None:
        kept = set()
        for resource in held:
            kept.add((await self.ledger.world(resource)).world.deployment_id)
        for deployment in _deployments(await self.private.keys("deployment/")):
            if deployment not in kept and await self._is_done(deployment):
                await self.private.forget(f"deployment/{deployment}")

    async def _is_done(self, deployment: str) -> bool:
        # one that the log does not know may be about to be requested: it is left for the next round
        if await self.log.read(f"deployment:{deployment}"):
            return True
        rounds = self._seen[deployment] = self._seen.get(deployment, 0) + 1
        return rounds > 1


def _deployments(keys: Iterable[str]) -> set[str]:
    return {key.split("/")[1] for key in keys}
