"""Every event log, real or fake, keeps the contract."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from multiplespawner.adapters.outbound.event_store.postgres_event_log import PostgresEventLog
from multiplespawner.adapters.outbound.event_store.sqlite_event_log import SqliteEventLog
from multiplespawner.adapters.outbound.postgres import PostgresAddress
from multiplespawner.testing.contracts.event_log import EventLogContract
from multiplespawner.testing.fakes.faulty_event_logs import LogThatIsDown, LogThatLosesReplies, LogWithRival
from multiplespawner.testing.fakes.manual_clock import ManualClock
from multiplespawner.testing.fakes.memory_event_log import MemoryEventLog


class TestMemoryEventLog(EventLogContract):
    """The fake in memory."""

    @pytest.fixture
    def log(self) -> MemoryEventLog:
        return MemoryEventLog(ManualClock())

    @pytest.fixture
    def elsewhere(self, log: MemoryEventLog) -> MemoryEventLog:
        return MemoryEventLog(ManualClock(), shared_with=log)


class TestLogsInFront(EventLogContract):
    """The fakes that break something, while they break nothing."""

    @pytest.fixture
    def behind(self) -> MemoryEventLog:
        return MemoryEventLog(ManualClock())

    @pytest.fixture
    def log(self, behind: MemoryEventLog) -> LogThatLosesReplies:
        return LogThatLosesReplies(LogThatIsDown(LogWithRival(behind), down=False))

    @pytest.fixture
    def elsewhere(self, behind: MemoryEventLog) -> MemoryEventLog:
        return MemoryEventLog(ManualClock(), shared_with=behind)


class TestSqliteEventLog(EventLogContract):
    """The log in a file."""

    @pytest.fixture
    async def log(self, tmp_path: Path) -> AsyncIterator[SqliteEventLog]:
        log = SqliteEventLog(tmp_path / "state" / "events.sqlite", ManualClock(), "1.0")
        yield log
        await log.close()

    @pytest.fixture
    async def elsewhere(self, log: SqliteEventLog, tmp_path: Path) -> AsyncIterator[SqliteEventLog]:
        log = SqliteEventLog(tmp_path / "state" / "events.sqlite", ManualClock(), "1.0")
        yield log
        await log.close()


class TestPostgresEventLog(EventLogContract):
    """The log in a database."""

    @pytest.fixture
    async def log(self, postgres_url: str) -> AsyncIterator[PostgresEventLog]:
        log = PostgresEventLog(PostgresAddress.parse(postgres_url), ManualClock(), "1.0")
        yield log
        await log.close()

    @pytest.fixture
    async def elsewhere(self, log: PostgresEventLog, postgres_url: str) -> AsyncIterator[PostgresEventLog]:
        log = PostgresEventLog(PostgresAddress.parse(postgres_url), ManualClock(), "1.0")
        yield log
        await log.close()
