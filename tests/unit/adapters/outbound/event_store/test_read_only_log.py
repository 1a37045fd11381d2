"""A log can be looked at without touching it, whether a hub writes it, was killed or is down."""

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


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "events.sqlite"


@pytest.fixture
async def written(path: Path):
    log = SqliteEventLog(path, ManualClock(), "1.0")
    await log.append([Change("session:a", 0, (STARTED,))], Origin("hub"))
    yield log
    await log.close()


def files(path: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in path.parent.iterdir() if not file.name.endswith("-shm")}


async def test_while_a_hub_writes(written: SqliteEventLog, path: Path) -> None:
    """What the hub appends is seen, before and after the log was opened for reading."""
    log = ReadOnlySqliteEventLog(path, ManualClock(), "1.0")
    assert log.owner == written.owner
    assert await log.read_all() == await written.read_all()
    await written.append([Change("session:a", 1, (STARTED,))], Origin("hub"))
    assert len(await log.read("session:a")) == 2
    assert await verify_log(log) is None
    await log.close()


async def test_while_the_hub_is_down(written: SqliteEventLog, path: Path) -> None:
    """A log that nobody has open is read as it is, and no file is made or changed."""
    await written.close()
    before = files(path)
    log = ReadOnlySqliteEventLog(path, ManualClock(), "1.0")
    assert [record.fact for record in await log.read("session:a")] == [STARTED]
    await log.close()
    assert files(path) == before
    assert list(before) == ["events.sqlite"]


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
