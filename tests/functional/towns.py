"""A small world for houses that crash: what lasts lies in the town, a house comes and goes."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any, NoReturn

from attrs import define, field

from functional.town_hosts import Authenticator, Configurer
from houses import of_a_host
from multiplespawner.application.house import House, Ports
from multiplespawner.application.ports.authenticator import Access
from multiplespawner.application.ports.inner_spawner import Equipment, Liveness, Polled, SpawnFailed
from multiplespawner.application.ports.provider import Provider
from multiplespawner.application.use_cases.session_request import SessionRequest
from multiplespawner.application.views.open_resources import OpenResources
from multiplespawner.domain.offers import Offer
from multiplespawner.domain.values import Selection, ServerId
from multiplespawner.testing.fakes.manual_clock import ManualClock
from multiplespawner.testing.fakes.memory_claims import MemoryClaims
from multiplespawner.testing.fakes.memory_components import MemoryComponents
from multiplespawner.testing.fakes.memory_custody import MemoryCustody
from multiplespawner.testing.fakes.memory_event_log import MemoryEventLog
from multiplespawner.testing.fakes.memory_private_store import MemoryPrivateStore
from multiplespawner.testing.fakes.memory_provider import MemorySettings
from multiplespawner.testing.fakes.memory_user_names import MemoryUserNames
from multiplespawner.testing.fakes.scripted_inner_spawners import FakeInnerSpawners
from multiplespawner.testing.fakes.sequential_ids import SequentialIds
from multiplespawner.testing.kill_points import KillPoints, in_front_of

HUB = "hub"
OFFER = Offer(id="p/t/e", name="e", type="virtual_machine", provider="p", template="t", entry="e")


A_DAY = timedelta(days=1)

Life = Callable[[House], Awaitable[object]]
"""What is asked of a house."""


class Crash(BaseException):
    """The process is no more."""


@define(eq=False)
class Notebooks:
    """What runs, whoever started it: notebooks by id, with the token of what they run on."""

    provider: Any
    running: dict[str, str] = field(factory=dict)

    def start(self, token: str) -> str:
        """One more; where the provider only watches, it becomes an instance."""
        if self.provider.allocates:
            made = self.provider._with(token)[0].id
        else:
            made = self.provider.rent_another(token).id
        self.running[made] = token
        return made

    def stop(self, id_: str | None) -> None:
        """It runs no more."""
        self.running.pop(id_ or "", None)
        if not self.provider.allocates:
            self.provider.instances.pop(id_, None)

    def runs(self, id_: str | None) -> bool:
        """Whether it runs: with its machine it ends too."""
        return id_ in self.running and id_ in self.provider.instances


@define(eq=False)
class Script:
    """How inner spawners behave from now on."""

    never_returns: bool = False
    fails: bool = False
    failing_stops: int = 0
    lets_nobody_in: bool = False
    failing_withdrawals: int = 0
    can_not_be_set_up: bool = False
    setup_never_ends: bool = False


@define(eq=False)
class Spawner:
    """Knows its notebook by its state alone, as a local process is known by its pid."""

    town: "Town"
    token: str
    id: str | None = None
    access: Callable[[], Awaitable[Access]] | None = None
    """Asked for before each connection; None where there is nothing to be entered."""

    async def equip(self, equipment: Equipment) -> None:
        """Take the way in."""
        self.access = equipment.access

    async def start(self, on_state: Callable[[Mapping[str, Any]], None]) -> str:
        """Start in several turns of the loop, telling the state on the way."""
        await self._connect()
        self.id = self.town.notebooks.start(self.token)
        await asyncio.sleep(0)
        on_state(self.state())
        await asyncio.sleep(0)
        self.town.begun.set()
        if self.town.script.never_returns:
            await asyncio.Event().wait()
        if self.town.script.fails:
            raise SpawnFailed("inner_start_failed", "It could not be started.")
        return f"http://192.0.2.1/{self.id}"

    async def poll(self) -> Polled:
        """Whether it runs."""
        gone = Polled(Liveness.GONE, 7)
        return Polled(Liveness.RUNNING) if self.town.notebooks.runs(self.id) else gone

    async def stop(self, now: bool) -> int:
        """Stop it in two turns of the loop, or fail as scripted."""
        await self._connect()
        if self.town.script.failing_stops > 0:
            self.town.script.failing_stops -= 1
            raise SpawnFailed("inner_stop_failed", "It could not be stopped.")
        self.town.notebooks.stop(self.id)
        await asyncio.sleep(0)
        return 0

    async def _connect(self) -> None:
        await asyncio.sleep(0)
        if self.access is not None:
            assert (await self.access()).key_file.exists()

    def state(self) -> Mapping[str, Any]:
        """Its notebook's id."""
        return {"id": self.id}


@define(eq=False)
class RebuildingSpawners(FakeInnerSpawners):
    """Makes spawners again from what the private store has."""

    town: Any = None

    async def rebuild(self, session: str, document: Mapping[str, Any], equipment: Any = None) -> Any:
        """One that knows as much as was durable."""
        state = document["state"] or {}
        return self.held.setdefault(session, Spawner(self.town, document["token"], state.get("id")))


@define(eq=False)
class OneProvider:
    """The only provider there is."""

    only: Provider

    def provider(self, name: str) -> Provider:
        """The one."""
        return self.only

    def names(self) -> tuple[str, ...]:
        """Its name."""
        return (OFFER.provider,)

    def remember(self, name: str, settings: Mapping[str, Any]) -> None:
        """It never leaves."""


@define(eq=False)
class Town:
    """What lasts while houses come and go."""

    provider_class: type[Any]
    is_entered: bool = False
    """Whether what is rented is entered and set up before a notebook starts on it."""
    script: Script = field(factory=Script)
    clock: ManualClock = field(factory=ManualClock)
    ids: SequentialIds = field(factory=SequentialIds)
    private: MemoryPrivateStore = field(factory=MemoryPrivateStore)
    custody: MemoryCustody = field(factory=MemoryCustody)
    begun: asyncio.Event = field(factory=asyncio.Event)
    """Set when an inner spawner has told its state, or a host is being set up for ever."""
    provider: Any = field(init=False)
    log: MemoryEventLog = field(init=False)
    notebooks: Notebooks = field(init=False)
    components: MemoryComponents = field(init=False)
    _claimed: dict[str, MemoryClaims] = field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        self.provider = self.provider_class(MemorySettings(maximum_sessions=1))
        self.log = MemoryEventLog(self.clock)
        self.notebooks = Notebooks(self.provider)
        self.components = MemoryComponents(
            {"a.Key": Authenticator(town=self)}, {"a.Book": Configurer(town=self)}
        )

    def house(self, points: KillPoints) -> House:
        """A house on what lasts, in a process of its own."""
        spawners = RebuildingSpawners(town=self)
        ports = Ports(
            log=MemoryEventLog(self.clock, shared_with=self.log),
            claims=MemoryClaims(self._claimed),
            custody=self.custody,
            private=self.private,
            names=MemoryUserNames(),
            clock=self.clock,
            ids=self.ids,
            configurations=None,  # type: ignore[arg-type]  # asked by the hub's spawner only
            authenticators=self.components,
            configurers=self.components,
            providers=OneProvider(self.provider),
            spawners=spawners,
        )
        return House(in_front_of(ports, points), HUB)

    def request(self, house: House, lifetime: int | None = None) -> SessionRequest:
        """A request for a fresh session, its inner spawner held."""
        session, resource = self.ids.fresh(), self.ids.fresh()
        token = f"{house.ledger.owner}-{resource}"
        house.ports.spawners.hold(session, Spawner(self, token))
        return SessionRequest(
            session=session,
            resource=resource,
            server=ServerId(HUB, 1, 1),
            offer=OFFER,
            selection=Selection(OFFER.id, lifetime=lifetime),
            configuration="digest",
            spawner_class="Spawner",
            **self._how(token),
        )

    def _how(self, token: str) -> dict[str, Any]:
        if not self.is_entered:
            return {"user": "ann", "document": {"token": token}}
        return of_a_host(token=token)

    async def live(self, life: Life, fatal: str | None = None) -> list[str]:
        """Let a house live until `life` is over and nothing is left to do, or it dies; the points it came to.

        What it was doing is dropped either way, and its claims with it.
        """
        asyncio.get_running_loop().set_exception_handler(_of_the_living)
        crashed, told = asyncio.Event(), list[str]()

        def die() -> NoReturn:
            crashed.set()
            raise Crash

        points = KillPoints(die, fatal, told.append)
        house = self.house(points)
        living, dying = asyncio.create_task(self._live(house, life)), asyncio.create_task(crashed.wait())
        passing = asyncio.create_task(self._pass_time())
        await asyncio.wait({living, dying}, return_when=asyncio.FIRST_COMPLETED, timeout=20)
        passing.cancel()
        assert living.done() or crashed.is_set(), "it neither came through nor died"
        points.end()
        await self._drop()
        if fatal not in told:
            await living
        return told

    async def _drop(self) -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}  # type: ignore[arg-type]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._claimed.clear()

    async def _live(self, house: House, life: Life) -> None:
        await life(house)
        await self.quiet(house)

    async def quiet(self, house: House) -> None:
        """Return when nothing is to be done any more."""
        for _ in range(200):
            await house.driver.settled()
            if await self._is_quiet(house):
                return
            await self._turns()
        raise AssertionError("it goes on for ever")

    async def _is_quiet(self, house: House) -> bool:
        for resource in await OpenResources(self.log).held():
            session = (await house.ledger.world(resource)).world.session
            if session.address is None or not session.is_active or session.stop is not None:
                return False
        return True

    async def _pass_time(self) -> None:
        """Let all waits be over soon, but not a session's lifetime."""
        while True:
            await self._turns()
            if self.clock.waited_for and (wait := self.clock.waited_for[0] - self.clock.now()) < A_DAY:
                self.clock.advance(wait)

    async def _turns(self) -> None:
        for _ in range(20):
            await asyncio.sleep(0)


def _of_the_living(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    # nobody is left whom a task of a dead process could tell how it ended
    if not isinstance(context.get("exception"), Crash):
        loop.default_exception_handler(context)
