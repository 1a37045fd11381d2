"""A log in PostgreSQL can be looked at by a role that may do nothing else."""

import asyncio
from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path

import pytest

from multiplespawner.adapters.outbound.event_store.postgres_event_log import (
    PostgresEventLog,
    ReadOnlyPostgresEventLog,
)
from multiplespawner.adapters.outbound.postgres import PostgresAddress
from multiplespawner.application.ports.event_log import Change, LogUnavailable, Origin
from multiplespawner.application.verify_log import verify_log
from multiplespawner.application.views.history import History
from multiplespawner.application.views.wanted import Wanted
from multiplespawner.bootstrap import Settings
from multiplespawner.bootstrap.reading import CannotRead, open_reading
from multiplespawner.domain.session import SessionStarted
from multiplespawner.testing.fakes.manual_clock import ManualClock
from postgres import PASSWORD

CHANGE = Change("session:a", 0, (SessionStarted("http://10.0.0.1"),))
TABLES = "multiplespawner_events, multiplespawner_owner"


@pytest.fixture
def psycopg():
    return pytest.importorskip("psycopg")


@pytest.fixture
def auditor(psycopg, postgres_url: str) -> Iterator[str]:
    """URL of a role that may only connect."""
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE auditor LOGIN PASSWORD '{PASSWORD}'")
        yield postgres_url.replace("tester", "auditor")
        connection.execute("DROP OWNED BY auditor")
        connection.execute("DROP ROLE auditor")


@pytest.fixture
async def written(postgres_url: str):
    log = PostgresEventLog(PostgresAddress.parse(postgres_url), ManualClock(), "1.0")
    await log.append([CHANGE], Origin("hub"))
    yield log
    await log.close()


def settings(url: str) -> Settings:
    return Settings(directory=Path("/nowhere"), event_log=url)


async def test_select_is_enough(psycopg, written: PostgresEventLog, auditor: str, postgres_url: str) -> None:
    """Owner, records, streams and what comes later."""
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"GRANT SELECT ON {TABLES} TO auditor")
    log = ReadOnlyPostgresEventLog(PostgresAddress.parse(auditor), ManualClock(), "1.0")
    assert log.owner == written.owner
    assert await log.read_all() == await written.read_all()
    await written.append([Change("session:a", 1, CHANGE.facts)], Origin("hub"))
    assert len(await log.read("session:a")) == await log.position() == 2
    assert len(await log.heads(("session.started",), 0, 9)) == 2
    assert await log.streams("session:", 9) == ("session:a",)
    assert await verify_log(log) is None
    await log.close()


async def test_nothing_is_written(written: PostgresEventLog, postgres_url: str) -> None:
    """Not even by a role that may."""
    log = ReadOnlyPostgresEventLog(PostgresAddress.parse(postgres_url), ManualClock(), "1.0")
    with pytest.raises(LogUnavailable):
        await log.append([CHANGE], Origin("cli"))
    await log.close()
    assert await written.position() == 1


async def test_what_may_not_be_read_is_told(written: PostgresEventLog, auditor: str) -> None:
    """In a sentence that has the command which helps, and no password."""
    with pytest.raises(CannotRead, match="GRANT SELECT") as raised:
        open_reading(settings(auditor))
    assert PASSWORD not in str(raised.value)


def test_where_there_is_no_log_none_is_made(psycopg, postgres_url: str) -> None:
    """Looking makes no tables."""
    with pytest.raises(CannotRead):
        open_reading(settings(postgres_url))
    with psycopg.connect(postgres_url) as connection:
        query = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
        assert connection.execute(query).fetchone() == (0,)


@pytest.mark.parametrize("url", ["postgresql://x:y@127.0.0.1:1/none", "postgresql://a b"])
def test_where_nobody_answers(psycopg, url: str) -> None:
    """A sentence, not a traceback."""
    with pytest.raises(CannotRead):
        open_reading(settings(url))


async def test_what_comes_is_seen_at_once(written: PostgresEventLog, postgres_url: str) -> None:
    """Well within two seconds; it takes a twentieth of one."""
    log = ReadOnlyPostgresEventLog(PostgresAddress.parse(postgres_url), ManualClock(), "1.0")
    async with aclosing(History(log, Wanted()).after(await log.position())) as coming:
        for version in (1, 2):
            await written.append([Change("session:a", version, CHANGE.facts)], Origin("hub"))
            async with asyncio.timeout(2):
                assert (await anext(coming)).record.version == version + 1
    await log.close()
