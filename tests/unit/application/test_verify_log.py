"""Verifying goes through the whole log and names the first bad record."""

import pytest
from attrs import evolve

from multiplespawner.application.ports.event_log import Change, LogDamaged, Origin, Record
from multiplespawner.application.verify_log import Damage, Verified, broken_link, verify_log
from multiplespawner.domain.session import SessionStarted
from multiplespawner.testing.fakes.manual_clock import ManualClock
from multiplespawner.testing.fakes.memory_event_log import MemoryEventLog

ORIGIN = Origin("hub")
STARTED = SessionStarted("http://10.0.0.1")


class LogWithUnreadableRecord(MemoryEventLog):
    """One position can't be read, and with it every page that it is on."""

    bad = 0

    async def read_all(self, after: int = 0, limit: int = 1000, names=()) -> tuple[Record, ...]:
        records = await super().read_all(after, limit, names)
        for record in records:
            if record.position == self.bad:
                raise LogDamaged("broken", record.stream, record.version, record.position)
        return records


@pytest.fixture
async def log() -> LogWithUnreadableRecord:
    log = LogWithUnreadableRecord(ManualClock())
    for version in range(3):
        await log.append([Change(f"session:{n}", version, (STARTED,)) for n in "ab"], ORIGIN)
    return log


async def test_whole_log(log: LogWithUnreadableRecord, monkeypatch: pytest.MonkeyPatch) -> None:
    """A log is whole, however its streams are spread over pages."""
    monkeypatch.setattr("multiplespawner.application.verify_log.PAGE", 2)
    assert await verify_log(log) is None
    assert await verify_log(MemoryEventLog(ManualClock())) is None


async def test_unreadable_record(log: LogWithUnreadableRecord) -> None:
    """What can't be read is named, not the page that it is on."""
    log.bad = 4
    assert await verify_log(log) == Damage("session:b", 2, 4, "broken")


async def test_first_of_two(log: LogWithUnreadableRecord) -> None:
    """A broken chain before an unreadable record comes first, also on the same page."""
    log.bad = 6
    log._records[2] = evolve(log._records[2], previous="0" * 64)
    damage = await verify_log(log)
    assert damage is not None
    assert (damage.stream, damage.version, damage.position) == ("session:a", 2, 3)


@pytest.mark.parametrize("remembered", [0, 1, 2])
async def test_streams_that_are_not_remembered(
    log: LogWithUnreadableRecord, remembered: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their last records are looked up: a break is found there too, as is a record that comes too early."""
    monkeypatch.setattr("multiplespawner.application.verify_log.REMEMBERED", remembered)
    assert await verify_log(log) is None
    second, third = log._records[2], log._records[4]
    log._records[2], log._records[4] = evolve(third, position=3), evolve(second, position=5)
    damage = await verify_log(log)
    assert damage is not None
    assert (damage.stream, damage.version, damage.position) == ("session:a", 3, 3)


async def test_how_far_it_is(log: LogWithUnreadableRecord, monkeypatch: pytest.MonkeyPatch) -> None:
    """After each page: what was whole so far; at a break, what is whole before it."""
    monkeypatch.setattr("multiplespawner.application.verify_log.PAGE", 4)
    told: list[Verified] = []
    assert await verify_log(log, told.append) is None
    assert told == [Verified(4, 2, 4), Verified(6, 2, 6)]
    log._records[2] = evolve(log._records[2], previous="0" * 64)
    assert await verify_log(log, told.append) is not None
    assert told[2:] == [Verified(2, 2, 2)]


async def test_links(log: LogWithUnreadableRecord) -> None:
    """A record follows from the one before it, and from nothing else."""
    first, second, third = await log.read("session:a")
    assert broken_link(None, first) is None
    assert broken_link(first, second) is None
    assert broken_link(None, second) is not None
    assert broken_link(first, third) is not None
    assert broken_link(evolve(first, digest="0" * 64), second) is not None
