"""Two processes share one PostgreSQL database: nothing is lost, and no claim is held twice."""

import asyncio
import signal
import subprocess
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from multiplespawner.adapters.outbound.claims.postgres_advisory_claims import PostgresAdvisoryClaims
from multiplespawner.adapters.outbound.event_store.postgres_event_log import PostgresEventLog
from multiplespawner.adapters.outbound.postgres import PostgresAddress
from multiplespawner.application.ports.claims import ClaimsUnavailable
from multiplespawner.application.ports.event_log import Change, LogUnavailable, Origin, Record
from multiplespawner.application.verify_log import verify_log
from multiplespawner.domain.session import SessionStarted
from multiplespawner.testing.fakes.manual_clock import ManualClock
from postgres import PASSWORD, PostgresServer

LIMIT = 60
STARTED = SessionStarted("http://10.0.0.1")

WRITER = """
import asyncio, os, sys
from multiplespawner.adapters.outbound.event_store.postgres_event_log import PostgresEventLog
from multiplespawner.adapters.outbound.postgres import PostgresAddress
from multiplespawner.application.ports.event_log import Change, Clash, Origin
from multiplespawner.domain.allowance import AllowanceReturned
from multiplespawner.domain.session import SessionStarted
from multiplespawner.testing.fakes.manual_clock import ManualClock

async def session(log, name):
    version = 0
    while version < 40:
        changes = [Change(f"session:{name}", version, (SessionStarted("http://10.0.0.1"),) * 2)]
        if version % 10 == 0:
            shared = len(await log.read("pool:shared"))
            changes.append(Change("pool:shared", shared, (AllowanceReturned(name),)))
        try:
            await log.append(changes, Origin(name))
        except Clash:
            continue
        version += 2

async def main():
    log = PostgresEventLog(PostgresAddress.parse(os.environ["LOG_URL"]), ManualClock(), "1.0")
    await asyncio.gather(*(session(log, f"{sys.argv[1]}-{number}") for number in range(10)))
    await log.close()

asyncio.run(main())
"""

HOLDER = """
import asyncio, os, signal, sys
from multiplespawner.adapters.outbound.claims.postgres_advisory_claims import PostgresAdvisoryClaims
from multiplespawner.adapters.outbound.postgres import PostgresAddress

claims = PostgresAdvisoryClaims(PostgresAddress.parse(os.environ["LOG_URL"]))
print(asyncio.run(claims.take("a")), flush=True)
if os.fork() > 0:
    signal.pause()
print("ready", flush=True)
sys.stdin.read()
"""


@contextmanager
def process(script: str, url: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A process that is dead afterwards, whatever the test found."""
    command, environment = (
        [sys.executable, "-c", script, *arguments],
        {"LOG_URL": url, "PATH": "/usr/bin:/bin"},
    )
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, text=True) as started:
        try:
            yield started
        finally:
            started.kill()


@pytest.fixture
async def log(postgres_url: str):
    log = PostgresEventLog(PostgresAddress.parse(postgres_url), ManualClock(), "1.0")
    yield log
    await log.close()


async def test_two_writers_and_a_reader(log: PostgresEventLog, postgres_url: str) -> None:
    """Who follows the log while two processes append sees every record, once, in order."""
    followed: list[Record] = []
    with process(WRITER, postgres_url, "one") as one, process(WRITER, postgres_url, "two") as two:
        async with asyncio.timeout(LIMIT):
            while one.poll() is None or two.poll() is None:
                followed += await log.read_all(followed[-1].position if followed else 0, limit=7)
        assert (one.returncode, two.returncode) == (0, 0)
    while more := await log.read_all(followed[-1].position):
        followed += more
    assert followed == list(await log.read_all(limit=len(followed) + 1))
    sessions = [record for record in followed if record.stream.startswith("session:")]
    assert len(sessions) == 2 * 10 * 40
    assert len(followed) - len(sessions) == 2 * 10 * 4
    assert await verify_log(log) is None


async def test_killed_holder_frees_its_claim(postgres_url: str) -> None:
    """A claim is free soon after its process was killed, also while a forked child of it lives on."""
    claims = PostgresAdvisoryClaims(PostgresAddress.parse(postgres_url))
    with process(HOLDER, postgres_url) as holder:
        assert holder.stdout is not None
        assert [holder.stdout.readline() for _ in range(2)] == ["True\n", "ready\n"]
        assert not await claims.take("a")
        holder.send_signal(signal.SIGKILL)
        holder.wait(LIMIT)
        async with asyncio.timeout(LIMIT):
            while not await claims.take("a"):
                await asyncio.sleep(0.01)
    assert await claims.holds("a")
    await claims.close()


async def test_restarted_server(log: PostgresEventLog, postgres: PostgresServer, postgres_url: str) -> None:
    """An append rides over a restart of the server; a claim does not, and says so."""
    claims = PostgresAdvisoryClaims(PostgresAddress.parse(postgres_url))
    await claims.take("a")
    await log.append([Change("session:a", 0, (STARTED,))], Origin("hub"))
    await asyncio.to_thread(postgres.stop)
    try:
        assert not await claims.holds("a")
        with pytest.raises(ClaimsUnavailable):
            await claims.take("a")
        append = asyncio.create_task(log.append([Change("session:a", 1, (STARTED,))], Origin("hub")))
        await asyncio.sleep(0)
    finally:
        await asyncio.to_thread(postgres.start)
    async with asyncio.timeout(LIMIT):
        assert (await append)[0].version == 2
    assert await claims.take("a")
    assert len(await log.read("session:a")) == 2
    await claims.close()


async def test_wrong_password(postgres_url: str) -> None:
    """A server that does not let us in is an error without the password."""
    address = PostgresAddress.parse(postgres_url.replace(PASSWORD, "canary-wrong-password"))
    with pytest.raises(LogUnavailable) as error:
        PostgresEventLog(address, ManualClock(), "1.0")
    assert "canary" not in "".join(traceback.format_exception(error.value))


async def test_no_database_functions(log: PostgresEventLog, postgres_url: str) -> None:
    """Nothing of ours is made that another application of the library would use."""
    with PostgresAddress.parse(postgres_url).connect() as connection:
        query = "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
        assert connection.execute(query).fetchall() == []
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    assert {name for (name,) in tables} == {"multiplespawner_events", "multiplespawner_owner"}


async def test_user_without_rights_to_create(log: PostgresEventLog, postgres_url: str) -> None:
    """Who may not make tables can use those that were made."""
    with PostgresAddress.parse(postgres_url).connect() as connection:
        connection.execute("DROP ROLE IF EXISTS humble")
        connection.execute("CREATE ROLE humble LOGIN PASSWORD 'canary-humble'")
        connection.execute("GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO humble")
        connection.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO humble")
    url = postgres_url.replace(f"tester:{PASSWORD}", "humble:canary-humble")
    humble = PostgresEventLog(PostgresAddress.parse(url), ManualClock(), "1.0")
    assert humble.owner == log.owner
    assert len(await humble.append([Change("session:a", 0, (STARTED,))], Origin("hub"))) == 1
    await humble.close()
    with PostgresAddress.parse(postgres_url).connect() as connection:
        connection.execute("DROP OWNED BY humble")
        connection.execute("DROP ROLE humble")
