"""How much a durable append costs: our event log ÷ raw sqlite3 with one transaction a save, in one run.

``python benchmarks/appends.py [--lives 60] [--sessions 500] [--rounds 7]``: both write the five facts of a
session one by one to the same file system, with a write-ahead log and synchronous=FULL. The raw side is given
its records ready-made; ours makes them (JSON, envelope, hash chain) within the time that is measured.
"""

import argparse
import asyncio
import sqlite3
import tempfile
import time
from pathlib import Path
from uuid import uuid4

from eventsourcing.persistence import StoredEvent
from figures import Ratios, told

from multiplespawner.adapters.outbound.clock.system_clock import SystemClock
from multiplespawner.adapters.outbound.event_store.envelope import Envelope, EnvelopeMapper, Header
from multiplespawner.adapters.outbound.event_store.sqlite_event_log import SqliteEventLog
from multiplespawner.application.ports.event_log import Change, Origin
from multiplespawner.domain import session as s
from multiplespawner.domain.values import Selection, ServerId

LIFE = (
    s.SessionRequested(ServerId("hub", 1, 1), Selection("local/Local/machine"), "0" * 64),
    s.SessionPlaced("1" * 32, "2" * 32),
    s.SessionStarted("http://127.0.0.1:8888"),
    s.SessionStopRequested("user", "stopped"),
    s.SessionEnded("stopped", 0),
)
"""Appended one by one in each session."""

INSERT = "INSERT INTO stored_events VALUES (?, ?, ?, ?)"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lives", type=int, default=60, help="sessions one after the other, a round")
    parser.add_argument("--sessions", type=int, default=500, help="sessions at the same time, a round")
    parser.add_argument("--rounds", type=int, default=7, help="pairs of ours and raw")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="appends-") as folder:
        asyncio.run(_measure(Path(folder), given.lives, given.sessions, given.rounds))


async def _measure(folder: Path, lives: int, sessions: int, rounds: int) -> None:
    log = SqliteEventLog(folder / "ours.sqlite", SystemClock(), "benchmark")
    raw = Raw(folder / "raw.sqlite")
    alone, together = [], []
    for _ in range(rounds):
        alone.append((await _one_by_one(log, lives), raw.live(lives)))
        together.append((await _at_once(log, sessions), raw.live(sessions)))
    await log.close()
    told("durable appends", [_row("one by one", alone), _row(f"{sessions} sessions at once", together)])


class Raw:
    """One table of SQLite, one transaction a save."""

    def __init__(self, path: Path) -> None:
        self._database = sqlite3.connect(path, isolation_level=None)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=FULL")
        self._database.execute(
            "CREATE TABLE stored_events (originator_id TEXT, originator_version INTEGER, topic TEXT, "
            "state BLOB, PRIMARY KEY (originator_id, originator_version))"
        )

    def live(self, lives: int) -> float:
        """Save the records of so many sessions; appends a second."""
        ready = [record for _ in range(lives) for record in _records()]
        began = time.perf_counter()
        for event in ready:
            self._database.execute("BEGIN IMMEDIATE")
            row = (event.originator_id, event.originator_version, event.topic, event.state)
            self._database.execute(INSERT, row)
            self._database.execute("COMMIT")
        return len(ready) / (time.perf_counter() - began)


def _records() -> list[StoredEvent]:
    """One session's records as our log would store them."""
    mapper, stream, now = EnvelopeMapper(), f"session:{uuid4().hex}", SystemClock().now()
    header = Header(now, "hub", "1", None, "benchmark", "0" * 64, "0" * 16)
    return [mapper.to_stored_event(Envelope(stream, n, header, fact)) for n, fact in enumerate(LIFE, 1)]


async def _one_by_one(log: SqliteEventLog, lives: int) -> float:
    began = time.perf_counter()
    for _ in range(lives):
        await _live(log)
    return lives * len(LIFE) / (time.perf_counter() - began)


async def _at_once(log: SqliteEventLog, sessions: int) -> float:
    began = time.perf_counter()
    await asyncio.gather(*(_live(log) for _ in range(sessions)))
    return sessions * len(LIFE) / (time.perf_counter() - began)


async def _live(log: SqliteEventLog) -> None:
    stream = f"session:{uuid4().hex}"
    for version, fact in enumerate(LIFE):
        await log.append([Change(stream, version, (fact,))], Origin("hub", "1"))


def _row(name: str, pairs: list[tuple[float, float]]) -> dict[str, object]:
    ratios = Ratios(*zip(*pairs, strict=True))
    low, high = ratios.spread
    return {
        "appends": name,
        "ours/s": sorted(ratios.ours)[len(pairs) // 2],
        "raw/s": sorted(ratios.theirs)[len(pairs) // 2],
        "ours ÷ raw": ratios.median,
        "quartiles": f"{low:.2f} to {high:.2f}",
        "pairs": len(pairs),
    }


if __name__ == "__main__":
    main()
