"""Make a large event log for benchmarks, with a whole hash chain, through the mapper of the real one.

``python benchmarks/big_log.py FOLDER [--records 1000000]`` writes FOLDER/events.sqlite (made, never
overwritten) and prints what is in it. Nine of ten sessions run where the inner spawner allocates, one on a
rented machine with keys, set-up and a deadline, in a pool; one of twenty fails. The last ones still run.
"""

import argparse
import asyncio
import heapq
import json
import random
import sqlite3
import time
from collections import deque
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import count, islice
from pathlib import Path

from attrs import define, field, frozen
from eventsourcing.persistence import StoredEvent

from multiplespawner.adapters.outbound.clock.system_clock import SystemClock
from multiplespawner.adapters.outbound.event_store.envelope import Envelope, EnvelopeMapper, Header, digest
from multiplespawner.adapters.outbound.event_store.sqlite_event_log import SqliteEventLog
from multiplespawner.domain import allowance as a
from multiplespawner.domain import configuration as k
from multiplespawner.domain import deployment as d
from multiplespawner.domain import resource as r
from multiplespawner.domain import session as s
from multiplespawner.domain.catalogue import Fact
from multiplespawner.domain.values import Amount, Endpoint, Hardware, Selection, ServerId


@frozen
class Rent:
    """What a session is given."""

    type: str
    hardware: Hardware
    lifetime: int | None
    by: str
    shared: tuple[str, ...]
    keys: str | None


HUB = "0f0f0f0f0f0f0f0f"
DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
POOL = "pool:cloud"
SPAWNER = "jupyterhub.spawner.LocalProcessSpawner"
ADDRESS = "http://192.0.2.7:8888"
GPU = Hardware(4.0, 16.0, 1, "a100")
LOCAL = Rent("bare_metal", Hardware(), None, "spawner", (), None)
RENTED = Rent("virtual_machine", GPU, 480, "provider", (POOL,), DIGEST)
EVERY = timedelta(minutes=4)  # between two requests
INSERT = "INSERT INTO stored_events VALUES (?, ?, ?, ?)"

Told = tuple[float, str, Fact]
"""Seconds since the request, stream and fact."""


@frozen
class Made:
    """What the log has."""

    path: Path
    records: int
    sessions: int
    middle: str  # id of a session that is over
    latest: str  # id of the one requested last


@define
class Writer:
    """Turns facts into stored rows, each chained to the one before it in its stream."""

    mapper: EnvelopeMapper = field(factory=EnvelopeMapper)
    tips: dict[str, tuple[int, str]] = field(factory=dict)

    def row(self, now: datetime, stream: str, fact: Fact, user: int) -> tuple[str, int, str, bytes]:
        version, previous = self.tips.get(stream, (0, ""))
        header = Header(now, "driver", str(user), None, "0.1.0", previous, "00112233445566ff")
        stored: StoredEvent = self.mapper.to_stored_event(Envelope(stream, version + 1, header, fact))
        self.tips[stream] = version + 1, digest(stored)
        return stream, version + 1, stored.topic, stored.state


def life(ids: random.Random, user: int, began: datetime, rented: bool, fails: bool) -> Iterator[Told]:
    """All facts of one session, in order."""
    session, resource, deployment = (f"{ids.getrandbits(128):032x}" for _ in range(3))
    ours, machine, notebook = f"session:{session}", f"resource:{resource}", f"deployment:{deployment}"
    offer, at = "cloud/VM/gpu" if rented else "local/Local/notebook", 0.0
    rent = RENTED if rented else LOCAL
    selection = Selection(offer, rent.hardware, rent.lifetime)
    if rented:
        yield at, POOL, a.AllowanceReserved(resource, (Amount("sessions", 1), Amount("gpu", 1)), began)
    yield at, ours, s.SessionRequested(ServerId(HUB, user, user), selection, DIGEST, ("students", "lab"))
    yield at, ours, s.SessionPlaced(resource, deployment)
    if rented:
        yield at, ours, s.SessionExpirySet(began + timedelta(hours=8))
    told = (rent.type, rent.hardware, None, f"{HUB}-{resource}", rent.by, session, rent.shared)
    yield at, machine, r.ResourceRequested(offer.partition("/")[0], *told)
    told = (session, resource, "VM", "gpu", SPAWNER, DIGEST, rent.keys, rent.keys)
    yield at, notebook, d.DeploymentPlanned(*told)
    if rented:
        yield at + 2, machine, r.ResourceCreated(f"i-{resource[:12]}")
        at += ids.uniform(30, 90)
        yield at, machine, r.ResourceProvisioned(Endpoint("192.0.2.7", 22), ("ssh-ed25519 AAAA",))
        yield at, notebook, d.AuthenticatorPreparing()
        at += ids.uniform(0.2, 0.5)
        yield at, notebook, d.AuthenticatorPrepared("SHA256:abc", ids.getrandbits(20))
        yield at, notebook, d.ConfigurerStarting()
        at += ids.uniform(20, 60)
        yield at, notebook, d.ConfigurerApplied(DIGEST)
    yield at, notebook, d.SpawnerStarting()
    yield at + 0.5, notebook, d.SpawnerStateChanged(DIGEST)
    at += ids.uniform(2, 6)
    if fails:
        yield at, notebook, d.SpawnerFailed("start_failed", "It could not be started.")
    else:
        yield at, notebook, d.SpawnerStarted(ADDRESS)
        if not rented:
            yield at, machine, r.ResourceProvisioned(Endpoint())
        yield at, ours, s.SessionStarted(ADDRESS)
        at += ids.uniform(600, 6 * 3600)
        yield at, ours, s.SessionStopRequested("user", "stopped")
    yield at, notebook, d.SpawnerStopping()
    at += ids.uniform(0.5, 2)
    yield at, notebook, d.SpawnerStopped(0)
    failed = s.SessionFailed("start", "start_failed", "It could not be started.")
    yield at, ours, failed if fails else s.SessionEnded("stopped", 0)
    yield at, machine, r.ResourceReleaseRequested("stopped")
    yield at, notebook, d.DeploymentWithdrawn()
    at += ids.uniform(0.5, 5)
    yield at, machine, r.ResourceReleased()
    if rented:
        yield at, POOL, a.AllowanceReturned(resource)


def facts(ids: random.Random, first: datetime) -> Iterator[tuple[datetime, str, Fact, int]]:
    """What happens, in the order of time, without end."""
    yield first, f"configuration:{HUB}", k.ConfigurationLoaded(DIGEST, ("templates.json",), "accepted"), 0
    waiting: list[tuple[datetime, int, Told, Iterator[Told], datetime, int]] = []
    numbers = count()
    for number in count():
        began, user = first + number * EVERY, ids.randrange(1, 501)
        story = life(ids, user, began, ids.random() < 0.1, ids.random() < 0.05)
        heapq.heappush(waiting, (began, next(numbers), next(story), story, began, user))
        while waiting and waiting[0][0] < began + EVERY:
            when, _, (_, stream, fact), story, start, who = heapq.heappop(waiting)
            yield when, stream, fact, who
            if (following := next(story, None)) is not None:
                later = start + timedelta(seconds=following[0])
                heapq.heappush(waiting, (later, next(numbers), following, story, start, who))


def make(path: Path, records: int = 1_000_000, seed: int = 1, last: datetime | None = None) -> Made:
    """Write a log of so many records to `path`; the last one is told at `last`, or now."""
    if path.exists():
        raise FileExistsError(path)
    last = last or datetime.now(UTC)
    # once without writing, to begin so long ago that it ends in time
    ((end, *_),) = deque(islice(facts(random.Random(seed), last), records), maxlen=1)
    first = last - (end - last)
    asyncio.run(SqliteEventLog(path, SystemClock(), "0.1.0").close())
    ids, writer = random.Random(seed), Writer()
    sessions: list[str] = []

    def rows() -> Iterator[tuple[str, int, str, bytes]]:
        for now, stream, fact, user in islice(facts(ids, first), records):
            if isinstance(fact, s.SessionRequested):
                sessions.append(stream.removeprefix("session:"))
            yield writer.row(now, stream, fact, user)

    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA synchronous=OFF")
        database.execute("BEGIN IMMEDIATE")
        database.executemany(INSERT, rows())
        database.execute("COMMIT")
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return Made(path, records, len(sessions), sessions[len(sessions) // 2], sessions[-1])


def main() -> None:
    """Make one and say what is in it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="where events.sqlite is made")
    parser.add_argument("--records", type=int, default=1_000_000, help="how many facts")
    given = parser.parse_args()
    began = time.perf_counter()
    made = make(given.folder / "events.sqlite", given.records)
    rows = [{"records": made.records, "sessions": made.sessions, "seconds": time.perf_counter() - began}]
    rows[0] |= {"bytes": made.path.stat().st_size, "middle": made.middle, "latest": made.latest}
    print(json.dumps({"benchmark": "big log", "rows": rows}))


if __name__ == "__main__":
    main()
