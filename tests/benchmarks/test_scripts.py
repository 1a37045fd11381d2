"""The benchmarks run, with counts that say nothing about speed."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from multiplespawner.adapters.outbound.clock.system_clock import SystemClock
from multiplespawner.adapters.outbound.event_store.sqlite_event_log import ReadOnlySqliteEventLog
from multiplespawner.application.verify_log import verify_log
from multiplespawner.application.views.sessions import session_rows

ROOT = Path(__file__).resolve().parents[2]


def figures(script: str, *arguments: str) -> list[dict[str, Any]]:
    """Rows of a benchmark's last line."""
    command = [sys.executable, ROOT / "benchmarks" / script, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])["rows"]


def test_appends_are_measured():
    """Both ways of appending are compared with raw SQLite."""
    rows = figures("appends.py", "--lives", "1", "--sessions", "2", "--rounds", "1")
    assert [row["ours ÷ raw"] > 0 for row in rows] == [True, True]


def test_stalls_are_measured():
    """Each round has its figures."""
    rows = figures("stalls.py", "--sessions", "2", "--rounds", "2")
    assert [row["longest"] >= row["p99"] >= 0 for row in rows] == [True, True]


def test_starts_are_measured(proxy):
    """One start through us is compared with the two others, in real hubs."""
    rows = figures("spawn.py", "--pairs", "1", "--notebooks", "0")
    assert [(row["us ÷"], row["ratio"] > 0) for row in rows] == [("direct", True), ("wrapspawner", True)]


def test_a_large_log_is_whole(tmp_path):
    """What the generator writes is a log of ours: read, chained, with as many sessions as it says."""
    (made,) = figures("big_log.py", str(tmp_path), "--records", "3000")
    log = ReadOnlySqliteEventLog(tmp_path / "events.sqlite", SystemClock(), "test")

    async def look():
        damage = await verify_log(log)
        rows = [row async for row in session_rows(log)]
        await log.close()
        return damage, len(rows)

    assert asyncio.run(look()) == (None, made["sessions"])
