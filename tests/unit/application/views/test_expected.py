"""How long steps take is told by past sessions."""

from statistics import median

from multiplespawner.application.ports.event_log import Change, Origin
from multiplespawner.application.views.expected import Expected
from multiplespawner.domain.session import SessionPlaced, SessionRequested
from multiplespawner.domain.values import Selection, ServerId
from multiplespawner.testing.fakes.manual_clock import ManualClock
from multiplespawner.testing.fakes.memory_event_log import MemoryEventLog
from stories import Story

OFFER = "local/Local/machine"
"""That of the stories."""


async def told(
    log: MemoryEventLog, clock: ManualClock, number: int, story: Story, offer: str = OFFER
) -> None:
    """Append a story under ids of its own, at its own times."""
    versions: dict[str, int] = {}
    start = clock.now()
    for record in story.records:
        clock.advance(start + (record.time - story.records[0].time) - clock.now())
        stream = f"{record.stream}-{number}"
        fact = record.fact
        match fact:
            case SessionRequested():
                fact = SessionRequested(ServerId("hub", 1, 1), Selection(offer), "digest")
            case SessionPlaced():
                fact = SessionPlaced(f"r1-{number}", f"d1-{number}")
        await log.append([Change(stream, versions.get(stream, 0), (fact,))], Origin("test"))
        versions[stream] = versions.get(stream, 0) + 1


async def test_the_median_of_those_that_ran() -> None:
    """Of each step; what came later is seen too; a start that failed says only how long it took to end."""
    clock = ManualClock()
    log = MemoryEventLog(clock)
    expected = Expected(log)
    assert await expected.of(OFFER) == {}
    for number, seconds in enumerate((10, 30, 20)):
        await told(log, clock, number, Story().request().go_on(1, [seconds]))
    await told(log, clock, 9, Story().request().go_on(9, [999], failures=[True]))
    assert (await expected.of(OFFER))["notebook"] == 20
    await told(log, clock, 10, Story().request().go_on(1, [40]).stop().go_on(9, [7, 1, 1]))
    assert (await expected.of(OFFER))["notebook"] == 25
    assert (await expected.of(OFFER))["stopping"] == median([1, 7])
    assert await Expected(log).of(OFFER) == await expected.of(OFFER)


async def test_an_offer_without_a_past() -> None:
    """The others of its provider tell; another provider's do not."""
    clock = ManualClock()
    log = MemoryEventLog(clock)
    await told(log, clock, 1, Story().request().go_on(1, [10]), "a/b/c")
    await told(log, clock, 2, Story().request().go_on(1, [20]), "a/b/d")
    expected = Expected(log)
    assert (await expected.of("a/b/c"))["notebook"] == 10
    assert (await expected.of("a/new/one"))["notebook"] == 15
    assert await expected.of("other/b/c") == {}
