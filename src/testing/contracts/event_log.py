"""What every event log does."""

import asyncio

import pytest

from ...application.ports.event_log import Change, Clash, EventLog, Head, LogUnavailable, Origin, Record
from ...application.verify_log import verify_log
from ...domain.allowance import AllowanceReturned
from ...domain.session import SessionExpirySet, SessionStarted, SessionStopRequested
from ..fakes.manual_clock import START

ORIGIN = Origin("hub", on_behalf_of="7", request_id="r1")
STARTED = SessionStarted("http://10.0.0.1:8888")
EXPIRY = SessionExpirySet(START)
STOP = SessionStopRequested("user", "done")
RETURNED = AllowanceReturned("abc")


class EventLogContract:
    """Inherit it and fill in the two fixtures."""

    @pytest.fixture
    def log(self) -> EventLog:
        """Hand out an empty log and close it afterwards."""
        raise NotImplementedError

    @pytest.fixture
    def elsewhere(self, log: EventLog) -> EventLog:
        """Hand out the same log as another process would open it."""
        raise NotImplementedError

    async def test_append_returns_records(self, log: EventLog) -> None:
        """What was appended comes back in its envelope, numbered from 1 and chained."""
        first, second = await log.append([Change("session:a", 0, (STARTED, EXPIRY))], ORIGIN)
        assert (first.stream, first.version, first.name, first.fact) == (
            "session:a",
            1,
            "session.started",
            STARTED,
        )
        assert (first.actor, first.on_behalf_of, first.request_id) == ("hub", "7", "r1")
        assert (first.previous, second.previous, second.version) == ("", first.digest, 2)
        assert first.position < second.position
        assert first.time.utcoffset() is not None

    async def test_reads_what_was_appended(self, log: EventLog, elsewhere: EventLog) -> None:
        """A stream is read as it was appended, also by another process, from any version."""
        first, second = await log.append([Change("session:a", 0, (STARTED, EXPIRY))], ORIGIN)
        assert await log.read("session:a") == await elsewhere.read("session:a") == (first, second)
        assert await log.read("session:a", after=1) == (second,)
        assert await log.read("session:a", after=2) == await log.read("session:b") == ()
        assert await log.read("session:a", limit=1) == (first,)
        assert await log.read("session:a", after=1, limit=1) == (second,)

    async def test_chain_goes_on_elsewhere(self, log: EventLog, elsewhere: EventLog) -> None:
        """Another process continues a stream, and its chain, where this one left it."""
        (first,) = await log.append([Change("session:a", 0, (STARTED,))], ORIGIN)
        (second,) = await elsewhere.append([Change("session:a", 1, (EXPIRY,))], ORIGIN)
        (third,) = await log.append([Change("session:a", 2, (STOP,))], ORIGIN)
        assert (second.previous, third.previous) == (first.digest, second.digest)
        assert await verify_log(elsewhere) is None

    async def test_all_streams_or_none(self, log: EventLog) -> None:
        """Where one of the streams clashes, nothing is appended to the others."""
        await log.append([Change("session:a", 0, (STARTED,))], ORIGIN)
        with pytest.raises(Clash):
            await log.append([Change("pool:x", 0, (RETURNED,)), Change("session:a", 0, (EXPIRY,))], ORIGIN)
        assert await log.read("pool:x") == ()
        assert await log.position() == (await log.read("session:a"))[0].position

    @pytest.mark.parametrize("expected", [0, 1, 3])
    async def test_clash(self, log: EventLog, elsewhere: EventLog, expected: int) -> None:
        """Only who knows how many records a stream has may append to it."""
        await elsewhere.append([Change("session:a", 0, (STARTED, EXPIRY))], ORIGIN)
        with pytest.raises(Clash):
            await log.append([Change("session:a", expected, (STOP,))], ORIGIN)
        assert len(await log.read("session:a")) == 2

    async def test_one_append_may_name_a_stream_twice(self, log: EventLog) -> None:
        """A later change of the same append goes on where an earlier one ended."""
        changes = [
            Change("session:a", 0, (STARTED,)),
            Change("pool:x", 0, (RETURNED,)),
            Change("session:a", 1, (STOP,)),
        ]
        first, _, third = await log.append(changes, ORIGIN)
        assert third.previous == first.digest
        assert await log.read("session:a") == (first, third)

    async def test_nothing_to_append(self, log: EventLog) -> None:
        """Empty changes are left out, whatever they expect."""
        assert await log.append([], ORIGIN) == await log.append([Change("session:a", 5, ())], ORIGIN) == ()
        assert await log.position() == 0

    async def test_read_all(self, log: EventLog, elsewhere: EventLog) -> None:
        """The whole log is read in the order of positions, in pages, by name, also by another process."""
        changes = [Change("session:a", 0, (STARTED, EXPIRY)), Change("pool:x", 0, (RETURNED,))]
        records = (
            *await log.append(changes, ORIGIN),
            *await elsewhere.append([Change("session:b", 0, (STARTED,))], ORIGIN),
        )
        assert await log.read_all() == await elsewhere.read_all() == records
        assert [r.position for r in records] == sorted({r.position for r in records})
        assert await log.read_all(after=records[0].position, limit=2) == records[1:3]
        assert await log.read_all(names=["session.started"]) == (records[0], records[3])
        assert await log.read_all(after=await log.position()) == ()

    async def test_heads(self, log: EventLog, elsewhere: EventLog) -> None:
        """Where facts of some names lie is told in order, in parts, also to another process."""
        changes = [Change("session:a", 0, (STARTED, EXPIRY)), Change("pool:x", 0, (RETURNED,))]
        records = (*await log.append(changes, ORIGIN), *await log.append([Change("b", 0, (STOP,))], ORIGIN))
        heads = tuple(Head(r.position, r.stream, r.name) for r in records if r.fact != EXPIRY)
        names = ["session.started", "session.stop_requested", "allowance.returned"]
        assert await log.heads(names, 0, 9) == await elsewhere.heads(names, 0, 9) == heads
        assert await log.heads(names, heads[0].position, 1) == heads[1:2]
        assert await log.heads(names[:1], 0, 9) == heads[:1]
        assert await log.heads(names, heads[-1].position, 9) == await log.heads((), 0, 9) == ()

    async def test_streams(self, log: EventLog, elsewhere: EventLog) -> None:
        """Streams are found by how their names begin, whatever stands in a name, each once and in order."""
        names = ("session:B", "session:a", "session:ab", "session:a%", "pool:a", "session:é", "sess")
        for name in names:
            await log.append([Change(name, 0, (STARTED, EXPIRY))], ORIGIN)
        found = tuple(sorted(name for name in names if name.startswith("session:")))
        assert await log.streams("session:", 10) == await elsewhere.streams("session:", 10) == found
        assert await log.streams("session:", 2) == found[:2]
        assert await log.streams("session:a%", 10) == ("session:a%",)
        assert await log.streams("session:z", 10) == ()

    async def test_listeners(self, log: EventLog) -> None:
        """Listeners hear each batch, in order, before the append returns; one that fails harms nobody."""
        heard: list[tuple[Record, ...]] = []

        def fail(_: tuple[Record, ...]) -> None:
            raise ValueError("a listener's own mistake")

        log.subscribe(fail)
        end = log.subscribe(heard.append)
        batches = [await log.append([Change(f"session:{n}", 0, (STARTED, EXPIRY))], ORIGIN) for n in range(5)]
        assert heard == batches
        end()
        end()
        await log.append([Change("session:z", 0, (STARTED,))], ORIGIN)
        assert heard == batches

    async def test_many_at_once(self, log: EventLog) -> None:
        """Of many callers at once each gets its own records, and listeners hear them in the log's order."""
        heard: list[Record] = []
        log.subscribe(heard.extend)
        batches = await asyncio.gather(
            *(log.append([Change(f"session:{n}", 0, (STARTED, EXPIRY))], ORIGIN) for n in range(100))
        )
        assert [{r.stream for r in batch} for batch in batches] == [{f"session:{n}"} for n in range(100)]
        assert tuple(heard) == await log.read_all()
        assert await verify_log(log) is None

    async def test_rivals(self, log: EventLog) -> None:
        """Of many who append to the same version one wins; those beside them are not disturbed."""
        appends = [
            log.append([Change("pool:x", 0, (RETURNED,)), Change(f"session:{n}", 0, (STARTED,))], ORIGIN)
            for n in range(10)
        ]
        beside = [log.append([Change(f"resource:{n}", 0, (RETURNED,))], ORIGIN) for n in range(10)]
        results = await asyncio.gather(*appends, *beside, return_exceptions=True)
        assert sum(isinstance(result, Clash) for result in results) == 9
        assert len(await log.read_all()) == 2 + 10

    async def test_cancelled_caller(self, log: EventLog) -> None:
        """An append under way happens, also when its caller is cancelled."""
        task = asyncio.create_task(log.append([Change("session:a", 0, (STARTED,))], ORIGIN))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await log.append([Change("session:b", 0, (STARTED,))], ORIGIN)
        assert [r.fact for r in await log.read("session:a")] == [STARTED]

    async def test_owner(self, log: EventLog, elsewhere: EventLog) -> None:
        """The log has one owner, wherever it is opened."""
        assert len(log.owner) == 16
        assert int(log.owner, 16) >= 0
        assert log.owner == elsewhere.owner

    async def test_close(self, log: EventLog, elsewhere: EventLog) -> None:
        """Closing waits for what is under way, may be repeated, and ends the use of the log here only."""
        under_way = asyncio.gather(
            *(log.append([Change(f"session:{n}", 0, (STARTED,))], ORIGIN) for n in range(5))
        )
        await asyncio.sleep(0)
        await log.close()
        await log.close()
        assert len(await under_way) == 5
        with pytest.raises(LogUnavailable):
            await log.append([Change("session:z", 0, (STARTED,))], ORIGIN)
        with pytest.raises(LogUnavailable):
            await log.read("session:0")
        assert len(await elsewhere.read_all()) == 5
