"""What the log acknowledged is there after a kill -9, whenever it comes."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from multiplespawner.adapters.outbound.event_store.sqlite_event_log import SqliteEventLog
from multiplespawner.application.verify_log import verify_log
from multiplespawner.testing.fakes.manual_clock import ManualClock

WRITER = """
import asyncio, pathlib, sys
from multiplespawner.adapters.outbound.event_store.sqlite_event_log import SqliteEventLog
from multiplespawner.application.ports.event_log import Change, Origin
from multiplespawner.domain.session import SessionEnded, SessionStarted
from multiplespawner.testing.fakes.manual_clock import ManualClock

FACTS = (SessionStarted("http://10.0.0.1"), SessionEnded("idle", 0))

async def session(log, name):
    version = 0
    while True:
        changes = [Change(f"session:{name}", version, FACTS), Change(f"resource:{name}", version, FACTS)]
        version = (await log.append(changes, Origin("hub")))[-1].version
        print(name, version, flush=True)

async def main():
    log = SqliteEventLog(pathlib.Path(sys.argv[1]), ManualClock(), "1.0")
    await asyncio.gather(*(session(log, name) for name in range(8)))

asyncio.run(main())
"""


@pytest.mark.parametrize("acknowledged", [1, 50, 333])
async def test_acknowledged_is_durable(tmp_path: Path, acknowledged: int) -> None:
    """Every append that was answered before the kill is in the log, whole, in all its streams."""
    path = tmp_path / "events.sqlite"
    promised: dict[str, int] = {}
    with subprocess.Popen([sys.executable, "-c", WRITER, path], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        promised.update(_answers(writer.stdout.readline() for _ in range(acknowledged)))
        writer.send_signal(signal.SIGKILL)
        promised.update(_answers(writer.stdout))
    log = SqliteEventLog(path, ManualClock(), "1.0")
    for name, version in promised.items():
        session, resource = await log.read(f"session:{name}"), await log.read(f"resource:{name}")
        assert len(session) == len(resource) >= version
    assert await verify_log(log) is None
    await log.close()


def _answers(lines):
    for line in lines:
        if line.endswith("\n"):
            name, version = line.split()
            yield name, int(version)
