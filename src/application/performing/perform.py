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
from ..failures import StepFailed
from ..ledger import Ledger
from ..ports.clock import Clock
from ..ports.event_log import Origin
from ..ports.inner_spawner import InnerSpawners, Liveness, Polled
from ..ports.private_store import PrivateStore
from ..ports.provider import Provider, ProviderError
from ..ports.providers import ProviderMissing, Providers
from . import notebook, renting
from .keeping import StateKeeper


@frozen
class Performer:
    """Calls the ports; raises StepFailed where a call fails in a known way."""

    ledger: Ledger
    providers: Providers
    spawners: InnerSpawners
    private: PrivateStore
    clock: Clock
    origin: Origin

    async def perform(self, step: Step, world: World) -> tuple[Command, ...]:
        """Make the step's one call."""
        match step:
            case Record(commands):
                return commands
            case Allocate() | AwaitProvisioned() | Release():
                return await self._rent(step, world)
            case StartSpawner() | StopSpawner():
                return await self._spawn(step, world)
            case Authenticate() | Configure() | Withdraw():
                raise StepFailed(
                    "prepare", "not_available", "This version can't authenticate to or configure a resource."
                )

    async def poll(self, world: World) -> Polled:
        """Whether the notebook runs: its spawner's answer, else what the provider finds of it.

        That nothing is found tells only where the provider has seen it before.
        """
        inner = await notebook.find_spawner(world, self.spawners, self.private)
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
        inner = await notebook.find_spawner(world, self.spawners, self.private)
        if isinstance(step, StopSpawner) and step.by_force:
            return await notebook.stop_by_force(world, inner, provider)
        if isinstance(step, StopSpawner):
            return await notebook.stop(world, inner, provider, now=step.now)
        keeper = StateKeeper(self.ledger, self.private, world.resource_id, world.deployment_id, self.origin)
        return await notebook.start(world, inner, provider, keeper)

    def _provider(self, world: World) -> Provider:
        try:
            return self.providers.provider(world.resource.provider)
        except ProviderMissing as error:
            raise StepFailed("provision", "provider_missing", str(error), may_retry=True) from error
