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
    return tables(script, *arguments)[-1]


def tables(script: str, *arguments: str) -> list[list[dict[str, Any]]]:
    """Rows of each of a benchmark's lines of JSON."""
    command = [sys.executable, ROOT / "benchmarks" / script, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return [json.loads(line)["rows"] for line in done.stdout.splitlines() if line.startswith("{")]


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


def test_hosts_are_measured(proxy, ssh_possible):
    """A start and a download, through us and through OpenSSH."""
    (start,), downloads = tables("over_ssh.py", "--pairs", "1", "--rounds", "1", "--megabytes", "1")
    assert start["us ÷ OpenSSH"] > 0
    assert [row["MB/s"] > 0 for row in downloads] == [True] * 3


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


def test_commands_are_measured(tmp_path):
    """Each as a process of its own, on a log that stays as it is; and how soon facts are told."""
    figures("big_log.py", str(tmp_path), "--records", "2000")
    before = (tmp_path / "events.sqlite").read_bytes()
    given = ("--log", str(tmp_path), "--rounds", "1", "--facts", "2")
    commands, (followed,) = tables("command_line.py", *given)
    assert {"version", "sessions", "log --all --json", "log verify"} < {row["command"] for row in commands}
    assert all(row["seconds"] > 0 and row["peak MiB"] > 10 for row in commands)
    assert followed["longest"] >= followed["median"] > 0
    assert (tmp_path / "events.sqlite").read_bytes() == before
