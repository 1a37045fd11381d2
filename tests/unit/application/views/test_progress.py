"""How far a session has come never goes back, and never comes to its end too early."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fact_strategies import PLAIN, of_type
from multiplespawner.application.ports.event_log import Record
from multiplespawner.application.views.progress import progress_of
from multiplespawner.domain.catalogue import FACTS
from multiplespawner.domain.resource import RecordConfigured
from multiplespawner.domain.session import SessionPhase
from stories import Story

TIMES = {"requested": 0.0, "machine": 60.0, "keys": 1.0, "setup": 30.0, "notebook": 9.0}
ALL = {"allocation": "provider", "authenticator": "a", "configurer": "c"}


@settings(deadline=None)
@given(
    allocation=st.sampled_from(["provider", "spawner"]),
    components=st.fixed_dictionaries(
        {}, optional={"authenticator": st.just("a"), "configurer": st.just("c")}
    ),
    steps=st.integers(0, 12),
    seconds=st.lists(st.floats(0, 1e6), max_size=8),
    failures=st.lists(st.booleans(), max_size=8),
    stop_after=st.integers(0, 12),
    expected=st.dictionaries(st.sampled_from(sorted(TIMES)), st.floats(0, 1e5)) | st.just(TIMES),
)
def test_it_never_falls(allocation, components, steps, seconds, failures, stop_after, expected):
    """With each fact, and as time passes between them, whatever is known of past sessions."""
    story = Story().request(allocation, **components)
    story.go_on(min(stop_after, steps), seconds, failures)
    if stop_after < steps:
        story.stop()
    story.go_on(steps, seconds, failures)
    last = 0.0
    for number in range(len(story.records) + 1):
        progress = progress_of("s1", story.records[:number], expected)
        now = story.records[number - 1].time if number else story.now
        later = story.records[number].time if number < len(story.records) else story.now
        percents = [progress.percent(now + (later - now) * part) for part in (0, 0.5, 1)] if number else [0.0]
        for percent in percents:
            assert last - 1e-9 <= percent <= 100
            assert (percent == 100) == progress.has_run
            last = percent


@settings(deadline=None)
@given(
    told=st.lists(
        st.tuples(st.sampled_from(list(FACTS.values())).flatmap(of_type), PLAIN[datetime]), max_size=8
    ),
    expected=st.dictionaries(st.sampled_from(sorted(TIMES)), st.floats(0, 1e9)),
    now=PLAIN[datetime],
)
def test_whatever_the_log_tells(told, expected, now):
    """Facts in an order that never was, at times that run backwards, still make a page."""
    records = [
        Record(f"session:{n}", 1, n, "", time, "", None, None, "", "", fact)
        for n, (fact, time) in enumerate(told, 1)
    ]
    progress = progress_of("s1", records, expected)
    assert 0 <= progress.percent(now) <= 100
    assert (progress.remaining(now) or 0) >= 0
    assert all(step.lasted(now) >= 0 for step in progress.steps)


def test_by_the_expected_time():
    """Half of the only step's time is nearly half of the way; much more than all of it is nearly the end."""
    progress = progress_of("s1", Story().request().go_on(0).records, {"notebook": 10.0})
    assert progress.percent(Story().now) == 5
    started = progress_of("s1", _starting().records, {"notebook": 10.0})
    at = [started.percent(Story().now + timedelta(seconds=s)) for s in (0, 5, 10, 100, 1e7)]
    assert at == [
        5,
        pytest.approx(47.75),
        pytest.approx(90.5),
        pytest.approx(100, abs=0.2),
        pytest.approx(100, abs=0.2),
    ]
    assert max(at) < 100


def test_by_equal_shares():
    """Where a step's time is not known each of them is worth the same."""
    story = Story().request("provider").go_on(2)
    assert progress_of("s1", story.records, {"machine": 1.0}).percent(story.now) == pytest.approx(52.5)


def test_the_rest_as_past_sessions_tell():
    """What is left of the running step, and all of those to come."""
    story = Story().request(**ALL)
    progress = progress_of("s1", story.records, TIMES)
    assert progress.remaining(story.now) == 100
    assert progress.remaining(story.now + timedelta(seconds=20)) == 80
    assert progress.remaining(story.now + timedelta(seconds=200)) == 40
    assert progress.coming == ("keys", "setup", "notebook")
    assert [step.expected for step in progress.steps] == [0, 60]


def test_the_rest_is_not_guessed():
    """If one of the steps to come has never been taken, nothing is said."""
    story = Story().request(**ALL)
    assert progress_of("s1", story.records, {"machine": 60.0}).remaining(story.now) is None


def test_what_was_set_up_before_is_not_waited_for():
    """A machine that an earlier session had set up has that step no more, also once all is told."""
    story = Story().request(**ALL).go_on(2)
    before = progress_of("s1", story.records, TIMES)
    story.tell((RecordConfigured("c"),))
    known = progress_of("s1", story.records, TIMES)
    assert (before.coming, known.coming) == (("keys", "setup", "notebook"), ("keys", "notebook"))
    assert known.percent(story.now) > before.percent(story.now)
    story.go_on(9)
    assert "setup" not in progress_of("s1", story.records, TIMES).planned
    again = Story().request(**ALL).go_on(9)
    assert "setup" in progress_of("s1", again.records, TIMES).planned


def test_what_runs_is_there():
    """All of the way, and no rest; what is over has none."""
    story = Story().request().go_on(1)
    assert (progress_of("s1", story.records).percent(story.now), story.world.session.phase) == (
        100,
        SessionPhase.RUNNING,
    )
    assert progress_of("s1", story.records).remaining(story.now) == 0
    story.stop().go_on(9)
    assert progress_of("s1", story.records).percent(story.now) == 100
    assert progress_of("s1", story.records).remaining(story.now) is None


def _starting() -> Story:
    """Its notebook is being started."""
    story = Story().request().go_on(1)
    story.records[:] = [r for r in story.records if r.name in EARLY]
    return story


EARLY = (
    "session.requested",
    "session.placed",
    "resource.requested",
    "deployment.planned",
    "deployment.spawner_starting",
)
