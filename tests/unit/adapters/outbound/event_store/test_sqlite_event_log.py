"""The log's file: who may read it, what happens when it is changed, gone, locked or no log at all."""

import sqlite3
import stat
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from multiplespawner.adapters.outbound.event_store import sqlite_file
from multiplespawner.adapters.outbound.event_store.network_files import LogMisplaced
from multiplespawner.adapters.outbound.event_store.sqlite_event_log import SqliteEventLog
from multiplespawner.adapters.outbound.event_store.sqlite_file import found, uri
from multiplespawner.adapters.outbound.event_store.sqlite_recorder import DurableDatastore
from multiplespawner.application.ports.event_log import Change, LogDamaged, LogUnavailable, Origin
from multiplespawner.application.verify_log import verify_log
from multiplespawner.domain.session import SessionEnded, SessionStarted
from multiplespawner.testing.fakes.manual_clock import ManualClock

ORIGIN = Origin("hub")
FACTS = (SessionStarted("http://10.0.0.1"), SessionStarted("http://10.0.0.2"), SessionEnded("idle", 0))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a state?#%20" / "events.sqlite"


def opened(path: Path) -> SqliteEventLog:
    return SqliteEventLog(path, ManualClock(), "1.0")


@pytest.fixture
async def log(path: Path) -> AsyncIterator[SqliteEventLog]:
    log = opened(path)
    await log.append([Change("session:a", 0, FACTS), Change("session:b", 0, FACTS)], ORIGIN)
    yield log
    await log.close()


def meddle(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        assert database.execute(statement).rowcount == 1


async def test_readable_by_nobody_else(log: SqliteEventLog, path: Path) -> None:
    """The file and what SQLite lays beside it are ours alone, and so is the folder."""
    files = sorted(path.parent.iterdir())
    assert [file.name for file in files] == ["events.sqlite", "events.sqlite-shm", "events.sqlite-wal"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


async def test_the_file_is_whole_also_where_somebody_looked_as_it_was_closed(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A copy of it alone has all that was written."""
    log = opened(path)
    await log.append([Change("session:a", 0, FACTS)], ORIGIN)
    looking = sqlite3.connect(f"{uri(path)}&readonly_shm=1", uri=True, check_same_thread=False)
    looking.execute("SELECT count(*) FROM stored_events").fetchone()
    monkeypatch.setattr(sqlite_file.time, "sleep", lambda seconds: looking.close())
    await log.close()
    assert [file.name for file in path.parent.iterdir()] == ["events.sqlite"]


@pytest.mark.parametrize(("given", "mended"), [(0o606, 0o600), (0o666, 0o640), (0o440, 0o640)])
async def test_permissions_are_mended(log: SqliteEventLog, path: Path, given: int, mended: int) -> None:
    """Opened, a file is closed to all others, but for a group that an administrator lets read it."""
    path.chmod(given)
    await opened(path).close()
    assert stat.S_IMODE(path.stat().st_mode) == mended


def test_every_connection_syncs(path: Path) -> None:
    """A commit returns when it lies on the disk: write-ahead log, synchronous FULL (2)."""
    found(path, [])
    datastore = DurableDatastore(uri(path), 3)
    with datastore.transaction(commit=False) as one, datastore.transaction(commit=False) as two:
        for cursor in (one, two):
            cursor.execute("PRAGMA synchronous")
            assert cursor.fetchone()[0] == 2
            cursor.execute("PRAGMA journal_mode")
            assert cursor.fetchone()[0] == "wal"
    datastore.close()


async def test_owner_is_born_with_the_log(log: SqliteEventLog, path: Path, tmp_path: Path) -> None:
    """The owner stays with the file, and another log has another one."""
    again, other = opened(path), opened(tmp_path / "other.sqlite")
    assert again.owner == log.owner != other.owner
    await again.close()
    await other.close()


@pytest.mark.parametrize(
    ("change", "version"),
    [
        ("UPDATE stored_events SET state = replace(state, '10.0.0.1', '10.0.0.9') {where} = 1", 2),
        ("UPDATE stored_events SET state = replace(state, '\"hub\"', '\"eve\"') {where} = 2", 3),
        ("UPDATE stored_events SET topic = 'session.placed' {where} = 1", 1),
        ("UPDATE stored_events SET state = 'no json' {where} = 2", 2),
        ("DELETE FROM stored_events {where} = 2", 3),
        ("DELETE FROM stored_events {where} = 1", 2),
    ],
)
async def test_changed_records(log: SqliteEventLog, path: Path, change: str, version: int) -> None:
    """A record that was changed or taken away is noticed and named, by reading and by verifying."""
    meddle(path, change.format(where="WHERE originator_id = 'session:b' AND originator_version"))
    assert len(await log.read("session:a")) == 3
    with pytest.raises(LogDamaged) as error:
        await log.read("session:b")
    assert (error.value.stream, error.value.version) == ("session:b", version)
    damage = await verify_log(log)
    assert damage is not None
    assert (damage.stream, damage.version, damage.position) == ("session:b", version, 3 + version)


async def test_chain_is_checked_from_the_middle(log: SqliteEventLog, path: Path) -> None:
    """Reading the end of a stream checks that it follows from what comes before."""
    meddle(
        path,
        "UPDATE stored_events SET state = replace(state, '10.0.0.2', '10.0.0.9') "
        "WHERE originator_id = 'session:b' AND originator_version = 2",
    )
    with pytest.raises(LogDamaged):
        await log.read("session:b", after=2)


async def test_file_is_gone(log: SqliteEventLog, path: Path) -> None:
    """A log whose file was taken away is not a new, empty one."""
    await log.close()
    again = opened(path)
    for file in path.parent.iterdir():
        file.unlink()
    with pytest.raises(LogUnavailable):
        await again.append([Change("session:c", 0, FACTS)], ORIGIN)
    assert not path.exists()
    await again.close()


async def test_not_a_log(path: Path) -> None:
    """A file that is no database is damaged; retrying does not help."""
    path.parent.mkdir()
    path.write_bytes(b"not a database, but long enough to look into" * 100)
    with pytest.raises(LogDamaged):
        opened(path)


async def test_locked(log: SqliteEventLog, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While another process keeps the file locked an append says so; afterwards it works."""
    monkeypatch.setattr("multiplespawner.adapters.outbound.event_store.sqlite_recorder.LOCK_TIMEOUT", 0.05)
    impatient = opened(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LogUnavailable):
            await impatient.append([Change("session:c", 0, FACTS)], ORIGIN)
        assert len(await impatient.read("session:a")) == 3
    assert len(await impatient.append([Change("session:c", 0, FACTS)], ORIGIN)) == 3
    await impatient.close()


def test_network_file_system(tmp_path: Path) -> None:
    """Where SQLite would lose data the log is not made, and nothing else either."""
    mounts = tmp_path / "mountinfo"
    mounts.write_text(f"36 35 0:30 / {tmp_path} rw,relatime shared:1 - nfs4 server:/home rw\n")
    with pytest.raises(LogMisplaced, match="nfs4"):
        SqliteEventLog(tmp_path / "state" / "events.sqlite", ManualClock(), "1.0", mounts)
    assert not (tmp_path / "state").exists()
