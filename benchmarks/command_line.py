"""What each command costs on a large log, and how soon `log --follow` tells what is appended.

``python benchmarks/command_line.py [--records 1000000] [--log FOLDER] [--rounds 3] [--facts 100]``: each
command is a process of its own that writes to nowhere, and the median of its rounds is told. The log is made
by big_log.py, or copied from FOLDER: what is to be followed is appended to it, as a hub does it beside.
"""

import argparse
import asyncio
import json
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

from attrs import frozen
from big_log import make
from figures import told

from multiplespawner.adapters.outbound.clock.system_clock import SystemClock
from multiplespawner.adapters.outbound.event_store.sqlite_event_log import SqliteEventLog
from multiplespawner.application.ports.event_log import Change, EventLog, Origin
from multiplespawner.domain.session import SessionPlaced, SessionRequested
from multiplespawner.domain.values import Selection, ServerId

OURS = [sys.executable, "-c", "from multiplespawner.adapters.inbound.cli import main; main()"]
LIMIT = 60
"""Seconds within which something must be told."""
APPENDED = SessionRequested(ServerId("hub", 1, 1), Selection("local/Local/notebook"), "0" * 64, ("students",))

# A process's peak on Linux counts what its parent had when it began: this parent has little.
MEASURED = """
import json, os, sys, time
to_nowhere = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
began = time.perf_counter()
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=to_nowhere)
_, status, used = os.wait4(child, 0)
took = time.perf_counter() - began
print(json.dumps([took, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, status]))
"""


@frozen
class Folder:
    """Where the configuration and the log lie."""

    path: Path

    @property
    def log(self) -> Path:
        """The file of the log."""
        return self.path / "events.sqlite"

    def command(self, words: str) -> list[str]:
        """A command of ours with its arguments."""
        return [*OURS, *words.split(), *([] if words == "version" else ["--directory", str(self.path)])]

    def open(self) -> SqliteEventLog:
        """The log, as a hub has it open."""
        return SqliteEventLog(self.log, SystemClock(), "benchmark")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--records", type=int, default=1_000_000, help="facts in the log that is made")
    parser.add_argument("--log", type=Path, help="folder of a log that is there already")
    parser.add_argument("--rounds", type=int, default=3, help="times that each command is run")
    parser.add_argument("--facts", type=int, default=100, help="facts that are followed")
    given = parser.parse_args()
    # so that the copy of the log goes away also when we are told to end
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory(prefix="command-line-") as path:
        folder = Folder(Path(path))
        subprocess.run(folder.command("init --yes"), stdout=subprocess.DEVNULL, check=True)
        if given.log:
            shutil.copyfile(given.log / "events.sqlite", folder.log)
        else:
            make(folder.log, given.records)
        commands = asyncio.run(_commands(folder))
        told("command line", [_row(words, folder.command(words), given.rounds) for words in commands])
        told("log --follow, ms", [_delays(asyncio.run(_followed(folder, given.facts)))])


async def _commands(folder: Folder) -> Sequence[str]:
    """All that is measured: of one session in the middle of the log, and of the log's last hundredth."""
    log = folder.open()
    end = await log.position()
    (head,) = await log.heads(("session.requested",), end // 2, 1)
    (late,) = await log.read_all(end - end // 100 - 1, 1)
    records = await log.read(head.stream)
    await log.close()
    requested, placed = (record.fact for record in records[:2])
    assert isinstance(requested, SessionRequested)
    assert isinstance(placed, SessionPlaced)
    user, resource = requested.server.user, placed.resource[:12]
    session = head.stream.removeprefix("session:")[:12]
    return (
        *("version", "check", "offers", "sessions", "sessions --all --json", "resources"),
        *("log", f"log --user {user}", f"log --session {session}", f"log --resource {resource}"),
        *(f"log --since {late.time:%Y-%m-%dT%H:%M:%SZ}", "log --all", "log --all --json", "log verify"),
        *(f"replay {session}", f"replay {session} --at {records[-1].time:%Y-%m-%dT%H:%M:%SZ}"),
    )


def _row(words: str, command: Sequence[str], rounds: int) -> dict[str, object]:
    seconds, processor, memory = sorted(_measured(command) for _ in range(rounds))[rounds // 2]
    return {"command": words, "seconds": seconds, "processor s": processor, "peak MiB": memory}


def _measured(command: Sequence[str]) -> tuple[float, float, float]:
    """Seconds, seconds of a processor, and the most memory that it had, in MiB."""
    measuring = [sys.executable, "-I", "-S", "-c", MEASURED, *command]
    done = subprocess.run(measuring, stdout=subprocess.PIPE, text=True, check=True)
    took, processor, memory, status = json.loads(done.stdout)
    if status:
        raise SystemExit(f"{' '.join(command)}: {status}")
    return took, processor, memory


async def _followed(folder: Folder, facts: int) -> list[float]:
    """Milliseconds until each of so many facts was told, shortest first."""
    log = folder.open()
    command = folder.command("log --follow --json")
    following = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
    assert following.stdout is not None
    try:
        end = await log.position()
        while await _told(following.stdout) < end:
            pass
        return sorted([await _delay(log, following.stdout) for _ in range(facts)])
    finally:
        following.terminate()
        await following.wait()
        await log.close()


async def _delay(log: EventLog, lines: asyncio.StreamReader) -> float:
    """Milliseconds from the end of an append to the line of its fact."""
    # it looks every so often: appends come at any time in between
    await asyncio.sleep(random.uniform(0.05, 0.2))
    (record,) = await log.append([Change(f"session:{uuid4().hex}", 0, (APPENDED,))], Origin("benchmark"))
    began = time.perf_counter()
    while await _told(lines) < record.position:
        pass
    return (time.perf_counter() - began) * 1000


async def _told(lines: asyncio.StreamReader) -> int:
    """Position of the next fact that is told."""
    line = await asyncio.wait_for(lines.readline(), LIMIT)
    position: int = json.loads(line)["position"]
    return position


def _delays(delays: Sequence[float]) -> dict[str, object]:
    return {
        "facts": len(delays),
        "median": delays[len(delays) // 2],
        "95 %": delays[int(len(delays) * 0.95)],
        "longest": delays[-1],
    }


if __name__ == "__main__":
    main()
