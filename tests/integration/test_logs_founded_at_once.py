"""Processes that find no log and make one at the same moment make the same one."""

import subprocess
import sys
from pathlib import Path

OPEN_SQLITE = """
import asyncio, pathlib, sys
from multiplespawner.adapters.outbound.event_store.sqlite_event_log import SqliteEventLog
from multiplespawner.application.waiting import tell_waits
from multiplespawner.testing.fakes.manual_clock import ManualClock
tell_waits()  # as every house does; else a wait for the others is told among the answers
print("ready", flush=True)
sys.stdin.readline()
log = SqliteEventLog(pathlib.Path(sys.argv[1]), ManualClock(), "1.0")
print(log.owner)
asyncio.run(log.close())
"""

OPEN_POSTGRES = """
import asyncio, sys
from multiplespawner.adapters.outbound.event_store.postgres_event_log import PostgresEventLog
from multiplespawner.adapters.outbound.postgres import PostgresAddress
from multiplespawner.testing.fakes.manual_clock import ManualClock
print("ready", flush=True)
sys.stdin.readline()
log = PostgresEventLog(PostgresAddress.parse(sys.argv[1]), ManualClock(), "1.0")
print(log.owner)
asyncio.run(log.close())
"""


def owners(script: str, place: str, count: int = 3) -> list[str]:
    """What `count` processes say that start to open a log when all are ready."""
    pipe = subprocess.PIPE
    started = [
        subprocess.Popen([sys.executable, "-c", script, place], stdin=pipe, stdout=pipe, text=True)
        for _ in range(count)
    ]
    try:
        assert [process.stdout.readline() for process in started if process.stdout] == ["ready\n"] * count
        for process in started:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        return [process.communicate(timeout=60)[0].strip() for process in started]
    finally:
        for process in started:
            process.kill()


def test_sqlite(tmp_path: Path) -> None:
    """All see one owner in the file."""
    found = owners(OPEN_SQLITE, str(tmp_path / "state" / "events.sqlite"))
    assert len(found[0]) == 16
    assert set(found) == {found[0]}


def test_postgres(postgres_url: str) -> None:
    """All see one owner in the database."""
    found = owners(OPEN_POSTGRES, postgres_url)
    assert len(found[0]) == 16
    assert set(found) == {found[0]}
