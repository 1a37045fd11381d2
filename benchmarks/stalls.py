"""How long the hub's event loop stands still while many sessions start at once.

``python benchmarks/stalls.py [--sessions 100] [--rounds 5]``: log, claims, private store and user names are
the real ones on this machine's disk; provider and inner spawners are fakes that answer at once. A task sleeps
for a millisecond again and again; what it oversleeps is a stall. Idle is measured first: the rest is ours.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

from attrs import define, field
from figures import told

from multiplespawner import bootstrap
from multiplespawner.application.house import House
from multiplespawner.application.ports.provider import Provider
from multiplespawner.application.use_cases.session_request import SessionRequest
from multiplespawner.domain.offers import Offer
from multiplespawner.domain.values import Selection, ServerId
from multiplespawner.testing.fakes.memory_provider import MemoryProvider
from multiplespawner.testing.fakes.scripted_inner_spawners import FakeInnerSpawners, SpawnerThatStarts

OFFER = Offer(id="p/t/e", name="e", type="bare_metal", provider="p", template="t", entry="e")
TICK = 0.001


class ProviderThatIsAtOnce(MemoryProvider):
    """Allocates nothing itself, as the local one, and finds nothing."""

    allocates = False


@define(eq=False)
class OneProvider:
    """The only provider there is."""

    only: Provider = field(factory=ProviderThatIsAtOnce)

    def provider(self, name: str) -> Provider:
        """The one."""
        return self.only

    def names(self) -> tuple[str, ...]:
        """None: there is nothing to reconcile here."""
        return ()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sessions", type=int, default=100, help="starts at the same time")
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="stalls-") as folder:
        asyncio.run(_measure(Path(folder), given.sessions, given.rounds))


async def _measure(folder: Path, sessions: int, rounds: int) -> None:
    settings = bootstrap.Settings(directory=folder / "ms", hub="benchmark")
    house = bootstrap.build(settings, FakeInnerSpawners(), providers=OneProvider(), configurations=None)
    await _start_all(house, 1)
    rows = []
    for _ in range(rounds):
        idle, _ = await _ticked(asyncio.sleep(1))
        busy, seconds = await _ticked(_start_all(house, sessions))
        rows.append(_row(sessions, seconds, idle, busy))
    await house.close()
    told("stalls of the event loop, ms", rows)


async def _start_all(house: House, sessions: int) -> None:
    await asyncio.gather(*(house.start(_request(house)) for _ in range(sessions)))


def _request(house: House) -> SessionRequest:
    session, user = uuid4().hex, uuid4().int % 10**6
    house.ports.spawners.hold(session, SpawnerThatStarts())
    return SessionRequest(
        session=session,
        resource=uuid4().hex,
        server=ServerId("benchmark", user, user),
        user=f"user{user}",
        offer=OFFER,
        selection=Selection(OFFER.id),
        configuration="0" * 64,
        spawner_class="a.Spawner",
        document={"class": "a.Spawner", "kwargs": {}},
    )


async def _ticked(work: Any) -> tuple[list[float], float]:
    """Stalls in ms, shortest first, while the work was done, and the seconds that it took."""
    stalls: list[float] = []
    ticking = asyncio.create_task(_tick(stalls))
    began = time.perf_counter()
    await work
    took = time.perf_counter() - began
    ticking.cancel()
    return sorted(stalls), took


async def _tick(stalls: list[float]) -> None:
    before = time.perf_counter()
    while True:
        await asyncio.sleep(TICK)
        now = time.perf_counter()
        stalls.append(max(0.0, now - before - TICK) * 1000)
        before = now


def _row(sessions: int, seconds: float, idle: list[float], busy: list[float]) -> Mapping[str, Any]:
    return {
        "sessions": sessions,
        "seconds": seconds,
        "idle p99": idle[int(len(idle) * 0.99)],
        "idle longest": idle[-1],
        "p50": busy[len(busy) // 2],
        "p99": busy[int(len(busy) * 0.99)],
        "longest": busy[-1],
    }


if __name__ == "__main__":
    main()
