"""A log can be looked at without touching it, whether a hub writes it, was killed or is down."""

import subprocess
import sys
from pathlib import Path

import pytest

from multiplespawner.adapters.outbound.event_store.sqlite_event_log import (
    ReadOnlySqliteEventLog,
    SqliteEventLog,
)
from multiplespawner.application.ports.event_log import Change, LogUnavailable, Origin
from multiplespawner.application.verify_log import verify_log
from multiplespawner.domain.session import SessionStarted
from multiplespawner.testing.fakes.manual_clock import ManualClock

STARTED = SessionStarted("http://10.0.0.1")

KILLED = """
import asyncio, os, pathlib, signal, sys
from multiplespawner.adapters.outbound.event_store.sqlite_event_log import SqliteEventLog
from multiplespawner.application.ports.event_log import Change, Origin
from multiplespawner.domain.session import SessionStarted
from multiplespawner.testing.fakes.manual_clock import ManualClock

async def main():
    log = SqliteEventLog(pathlib.Path(sys.argv[1]), ManualClock(), "1.0")
    for version in range(3):
        await log.append([Change("session:a", version, (SessionStarted("http://10.0.0.1"),))], Origin("hub"))
    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "events.sqlite"


@pytest.fixture
async def written(path: Path):
    log = SqliteEventLog(path, ManualClock(), "1.0")
    await log.append([Change("session:a", 0, (STARTED,))], Origin("hub"))
    yield log
    await log.close()


@pytest.fixture
async def closed(written: SqliteEventLog) -> None:
    await written.close()


def files(path: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in path.parent.iterdir()}


async def test_while_a_hub_writes(written: SqliteEventLog, path: Path) -> None:
    """What the hub appends is seen, before and after the log was opened for reading."""
    log = ReadOnlySqliteEventLog(path, ManualClock(), "1.0")
    assert log.owner == written.owner
    assert await log.read_all() == await written.read_all()
    await written.append([Change("session:a", 1, (STARTED,))], Origin("hub"))
    assert len(await log.read("session:a")) == 2
    assert await verify_log(log) is None
    await log.close()


async def test_through_a_link(written: SqliteEventLog, path: Path, tmp_path: Path) -> None:
    """SQLite writes beside what the link leads to, not beside the link."""
    link = tmp_path / "elsewhere" / "events.sqlite"
    link.parent.mkdir()
    link.symlink_to(path)
    log = ReadOnlySqliteEventLog(link, ManualClock(), "1.0")
    assert await log.position() == 1
    await written.append([Change("session:a", 1, (STARTED,))], Origin("hub"))
    assert await log.position() == 2
    await log.close()


async def test_where_a_folder_is_no_text(tmp_path: Path) -> None:
    """The names of files are bytes, of which not all are UTF-8."""
    path = tmp_path / "\udcff?#%" / "events.sqlite"
    hub = SqliteEventLog(path, ManualClock(), "1.0")
    await hub.append([Change("session:a", 0, (STARTED,))], Origin("hub"))
    log = ReadOnlySqliteEventLog(path, ManualClock(), "1.0")
    assert await log.position() == 1
    await log.close()
    await hub.close()


async def test_a_copy_without_its_index_is_told_apart(written: SqliteEventLog, path: Path) -> None:
    """What was copied with its write-ahead log alone can't be read without writing: what to do is said."""
    copy = path.parent / "copy"
    copy.mkdir()
    for name in (path.name, f"{path.name}-wal"):
        (copy / name).write_bytes((path.parent / name).read_bytes())
    with pytest.raises(LogUnavailable, match="-shm"):
        ReadOnlySqliteEventLog(copy / path.name, ManualClock(), "1.0")


async def test_while_the_hub_is_down(closed: None, path: Path) -> None:
    """A log that nobody has open is read as it is, and no file is made or changed."""
    before = files(path)
    log = ReadOnlySqliteEventLog(path, ManualClock(), "1.0")
    assert [record.fact for record in await log.read("session:a")] == [STARTED]
    await log.close()
    assert files(path) == before
    assert list(before) == ["events.sqlite"]


async def test_a_hub_that_starts_later_is_noticed(closed: None, path: Path) -> None:
    """What was opened while nobody wrote sees what is written afterwards, and after the hub has gone."""
    log = ReadOnlySqliteEventLog(path, ManualClock(), "1.0")
    assert await log.position() == 1
    hub = SqliteEventLog(path, ManualClock(), "1.0")
    await hub.append([Change("session:a", 1, (STARTED,))], Origin("hub"))
    assert await log.position() == 2
    await hub.close()
    assert len(await log.read("session:a")) == 2
    await log.close()


async def test_a_hub_that_stops_tidies_up(written: SqliteEventLog, path: Path) -> None:
    """Whoever looks does not keep the hub from putting its files away."""
    log = ReadOnlySqliteEventLog(path, ManualClock(), "1.0")
    assert await log.position() == 1
    await written.close()
    assert list(files(path)) == ["events.sqlite"]
    await log.close()


async def test_after_a_hub_was_killed(path: Path) -> None:
    """What it left is read as it is, to the last record, and stays untouched."""
    subprocess.run([sys.executable, "-c", KILLED, path], check=False, timeout=60)
    before = files(path)
    assert sorted(before) == ["events.sqlite", "events.sqlite-shm", "events.sqlite-wal"]
    log = ReadOnlySqliteEventLog(path, ManualClock(), "1.0")
    assert await log.position() == 3
    assert await verify_log(log) is None
    await log.close()
    assert files(path) == before


async def test_append_is_refused(written: SqliteEventLog, path: Path) -> None:
    """Nothing can be appended through it."""
    log = ReadOnlySqliteEventLog(path, ManualClock(), "1.0")
    with pytest.raises(LogUnavailable):
        await log.append([Change("session:b", 0, (STARTED,))], Origin("cli"))
    await log.close()
    assert await written.position() == 1


def test_no_log(path: Path) -> None:
    """Where there is no log none is made."""
    with pytest.raises(LogUnavailable):
        ReadOnlySqliteEventLog(path, ManualClock(), "1.0")
    assert not path.exists()
