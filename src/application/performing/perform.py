"""One door for the driver: perform a step, get the commands that tell how it went."""

from attrs import frozen

from ...domain.steps import (
    Allocate,
    Authenticate,
    AwaitProvisioned,
    Configure,
    Record,
    Release,
    StartSpawner,
    Step,
    StopSpawner,
    Withdraw,
)
from ...domain.world import Command, World
from ..doubts import Doubts
from ..failures import StepFailed, of_provider
from ..ledger import Ledger
from ..placing import provider_of
from ..ports.clock import Clock
from ..ports.event_log import Origin
from ..ports.inner_spawner import InnerSpawners, Liveness, Polled, SpawnFailed
from ..ports.private_store import PrivateStore
from ..ports.provider import Provider, ProviderError
from ..ports.providers import ProviderMissing, Providers
from . import renting
from .configuring import Configuring
from .entering import Entering
from .keeping import StateKeeper
from .notebook import Notebooks


@frozen
class Performer:
    """Calls the ports; raises StepFailed where a call fails in a known way."""

    ledger: Ledger
    providers: Providers
    spawners: InnerSpawners
    private: PrivateStore
    clock: Clock
    entering: Entering
    configuring: Configuring
    doubts: Doubts
    origin: Origin

    @property
    def notebooks(self) -> Notebooks:
        """The inner spawners of deployments, ready to be used."""
        return Notebooks(self.spawners, self.private, self.entering)

    async def perform(self, step: Step, world: World) -> tuple[Command, ...]:
        """Make the step's one call."""
        with self.doubts.while_it_is_done(step, world):
            return await self._perform(step, world)

    async def _perform(self, step: Step, world: World) -> tuple[Command, ...]:
        match step:
            case Record(commands):
                return commands
            case Allocate() | AwaitProvisioned() | Release():
                return await self._rent(step, world)
            case StartSpawner() | StopSpawner():
                return await self._spawn(step, world)
            case Authenticate():
                return await self._authenticate(world)
            case Configure():
                return await self.configuring.configure(world, self._provider(world))
            case Withdraw():
                return await self.entering.withdraw(world)

    async def poll(self, world: World) -> Polled:
        """Whether the notebook runs: its spawner's answer, else what the provider finds of it.

        That nothing is found tells only where the provider has seen it before.
        """
        try:
            inner = await self.notebooks.find(world)
        except SpawnFailed as error:
            return Polled(Liveness.UNKNOWN, detail=error.code)
        if inner is not None:
            return await inner.poll()
        try:
            found = await self._provider(world).find(world.resource.token)
        except (ProviderError, StepFailed) as error:
            return Polled(Liveness.UNKNOWN, detail=type(error).__name__)
        if found:
            return Polled(Liveness.RUNNING)
        seen = bool(world.resource.ids)
        return Polled(Liveness.GONE, 0) if seen else Polled(Liveness.UNKNOWN, detail="it can't be seen")

    async def forget(self, world: World) -> None:
        """Destroy what was kept in private for a resource that is gone; safe to repeat."""
        if world.deployment_id:
            await self.private.forget(f"deployment/{world.deployment_id}")
        self.spawners.let_go(world.session_id)
        self.configuring.doings.end(world.session_id)

    async def _rent(self, step: Allocate | AwaitProvisioned | Release, world: World) -> tuple[Command, ...]:
        provider = self._provider(world)
        match step:
            case Allocate():
                return await renting.allocate(world, provider)
            case AwaitProvisioned():
                return await renting.await_provisioned(world, provider, self.clock)
            case Release():
                return await renting.release(world, provider)

    async def _spawn(self, step: StartSpawner | StopSpawner, world: World) -> tuple[Command, ...]:
        provider = self._provider(world)
        if isinstance(step, StopSpawner) and step.by_force:
            return await self.notebooks.stop_by_force(world, provider)
        if isinstance(step, StopSpawner):
            return await self.notebooks.stop(world, provider, now=step.now)
        keeper = StateKeeper(self.ledger, self.private, world.resource_id, world.deployment_id, self.origin)
        return await self.notebooks.start(world, provider, keeper)

    async def _authenticate(self, world: World) -> tuple[Command, ...]:
        """Who configures is whom the configurer names, else whom the provider says."""
        named, owner = await self.configuring.administrator(world), await self._owner(world)
        return await self.entering.authenticate(world, named or owner, owner)

    async def _owner(self, world: World) -> str | None:
        """The account with which the provider enters its machine, if it does."""
        if not world.resource.ids:
            return None
        try:
            return (await self._provider(world).get(world.resource.ids[-1])).user
        except ProviderError as error:
            raise of_provider(error) from error

    def _provider(self, world: World) -> Provider:
        try:
            return provider_of(world.resource.provider, world.resource.allowances, self.providers)
        except ProviderMissing as error:
            raise StepFailed("provision", "provider_missing", str(error), may_retry=True) from error
