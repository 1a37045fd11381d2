"""A house on fakes for tests, entered through the same door as the real one."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from attrs import define, field

from multiplespawner.application.house import House, Ports
from multiplespawner.application.ports.configuration import Configuration
from multiplespawner.application.ports.provider import Provider
from multiplespawner.application.ports.providers import ProviderMissing
from multiplespawner.application.use_cases.session_request import SessionRequest
from multiplespawner.domain.offers import Offer
from multiplespawner.domain.values import Selection, ServerId
from multiplespawner.domain.world import World
from multiplespawner.testing.fakes.manual_clock import ManualClock
from multiplespawner.testing.fakes.memory_claims import MemoryClaims
from multiplespawner.testing.fakes.memory_components import MemoryComponents
from multiplespawner.testing.fakes.memory_configurations import MemoryConfigurations
from multiplespawner.testing.fakes.memory_custody import MemoryCustody
from multiplespawner.testing.fakes.memory_event_log import MemoryEventLog
from multiplespawner.testing.fakes.memory_private_store import MemoryPrivateStore
from multiplespawner.testing.fakes.memory_provider import MemoryProvider
from multiplespawner.testing.fakes.memory_user_names import MemoryUserNames
from multiplespawner.testing.fakes.scripted_inner_spawners import FakeInnerSpawners, SpawnerThatStarts
from multiplespawner.testing.fakes.sequential_ids import SequentialIds

OFFER = Offer(
    id="memory/Local/machine",
    name="Machine",
    type="bare_metal",
    provider="memory",
    template="Local",
    entry="machine",
)


@define
class OneProvider:
    """Knows one provider, called `memory`."""

    found: Provider
    remembered: dict[str, Mapping[str, Any]] = field(factory=dict)
    has_left: bool = False
    """Whether the configuration uses it no longer."""

    def provider(self, name: str) -> Provider:
        """That one."""
        if name != "memory":
            raise ProviderMissing(name)
        return self.found

    def names(self) -> tuple[str, ...]:
        """Its name."""
        return () if self.has_left else ("memory",)

    def remember(self, name: str, settings: Mapping[str, Any]) -> None:
        """Keep what was said."""
        self.remembered[name] = settings


NOTHING = Configuration("digest", ("templates.json", "deployment.json"))
"""A configuration that offers nothing."""


@define(eq=False)
class Outside:
    """What outlives a house: stores, provider, processes."""

    log: Any = field(factory=lambda: MemoryEventLog(ManualClock()))
    provider: Any = field(factory=MemoryProvider)
    private: Any = field(factory=MemoryPrivateStore)
    clock: ManualClock = field(factory=ManualClock)
    custody: MemoryCustody = field(factory=MemoryCustody)
    rivals: dict[str, MemoryClaims] = field(factory=dict)
    spawners: FakeInnerSpawners = field(factory=FakeInnerSpawners)
    components: MemoryComponents = field(factory=MemoryComponents)
    ids: SequentialIds = field(factory=SequentialIds)

    def house(self, hub: str | None = "hub", *, stays: bool = True) -> House:
        """A house on it."""
        ports = Ports(
            log=self.log,
            claims=MemoryClaims(self.rivals),
            custody=self.custody,
            private=self.private,
            names=MemoryUserNames(),
            clock=self.clock,
            ids=self.ids,
            configurations=MemoryConfigurations(NOTHING),
            providers=OneProvider(self.provider),
            authenticators=self.components,
            configurers=self.components,
            spawners=self.spawners,
        )
        return House(ports, hub, stays)

    def request(self, inner: Any = None, **changes: Any) -> SessionRequest:
        """A request for a session with an inner spawner."""
        session = self.ids.fresh()
        self.spawners.hold(session, inner or SpawnerThatStarts())
        wanted: dict[str, Any] = {
            "session": session,
            "resource": self.ids.fresh(),
            "server": ServerId("hub", 1, 1),
            "user": "ann",
            "offer": OFFER,
            "selection": Selection(OFFER.id),
            "configuration": "digest",
            "spawner_class": "a.Spawner",
            "document": {"class": "a.Spawner", "kwargs": {}},
        }
        return SessionRequest(**{**wanted, **changes})


def of_a_host(user: str = "ann", **changes: Any) -> dict[str, Any]:
    """What to ask for, for a notebook on a host that `a.Key` enters and `a.Book` sets up."""
    document = {
        "class": "a.Spawner",
        "kwargs": {},
        "names": {"JUPYTERHUB_USER": user},
        "account": {"name": user, "mode": "existing"},
        "authenticator": {"class": "a.Key", "settings": {}},
        "configurer": {"class": "a.Book", "settings": {}},
        **changes,
    }
    digests = {kind: kind if document[kind] else None for kind in ("authenticator", "configurer")}
    return {"user": user, "document": document, **digests}


async def until(condition: Callable[[], Any], limit: float = 5) -> Any:
    """Wait until the condition holds (it may be async), at most `limit` seconds."""
    async with asyncio.timeout(limit):
        while True:
            found = condition()
            if asyncio.iscoroutine(found):
                found = await found
            if found:
                return found
            await asyncio.sleep(0.005)


async def world_of(house: House, resource: str) -> World:
    """The world of a resource."""
    return (await house.ledger.world(resource)).world


async def is_released(house: House, resource: str) -> bool:
    """Whether nothing of it is held."""
    return not (await world_of(house, resource)).resource.is_open
