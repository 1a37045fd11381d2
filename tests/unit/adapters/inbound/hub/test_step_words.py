"""Steps in words."""

from datetime import UTC, datetime, timedelta

import pytest

from multiplespawner.adapters.inbound.hub.step_words import NEVER_ANSWERED, lines, rows, short
from multiplespawner.application.views.progress import Progress
from multiplespawner.application.views.steps import Step, StepName, StepState
from multiplespawner.domain.session import SessionPhase

BEGAN = datetime(2026, 11, 25, 12, tzinfo=UTC)


def progress(phase, *steps, **more):
    """A session with these steps."""
    return Progress("1" * 32, "p/t/e", phase, steps, (StepName.REQUESTED, StepName.NOTEBOOK), **more)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0.0 s"),
        (1.24, "1.2 s"),
        (9.94, "9.9 s"),
        (9.96, "10 s"),
        (59.6, "1 min"),
        (200, "3 min 20 s"),
        (3600, "1 h"),
        (7500, "2 h 5 min"),
    ],
)
def test_times_are_short(seconds, words):
    """Two figures are enough."""
    assert short(seconds) == words


def test_every_step_and_state_has_words():
    """No state of a step is left without a line and a row."""
    for name in StepName:
        for state in StepState:
            session = progress(SessionPhase.PLACED, Step(name, state, BEGAN, 1.0, 2.0, "code", "why"))
            assert all(text for _, text in lines(session))
            assert all(row["title"] for row in rows(session, BEGAN))


def test_a_retry_is_told():
    """With what went wrong, while the step goes on."""
    step = Step(StepName.MACHINE, StepState.RUNNING, BEGAN, code="out_of_capacity", detail="Nothing left.")
    assert any("Nothing left." in text for _, text in lines(progress(SessionPhase.PLACED, step)))


def test_a_notebook_that_runs_is_waited_for():
    """Since it was started."""
    step = Step(StepName.NOTEBOOK, StepState.DONE, BEGAN, 2.0)
    row = rows(progress(SessionPhase.RUNNING, step), BEGAN + timedelta(seconds=5))[-1]
    assert (row["name"], row["state"], row["seconds"]) == ("answer", "running", 3.0)


def test_a_notebook_that_never_answered_says_so():
    """As the step that failed."""
    step = Step(StepName.NOTEBOOK, StepState.DONE, BEGAN, 2.0)
    row = rows(progress(SessionPhase.ENDED, step, code=NEVER_ANSWERED), BEGAN)[-1]
    assert (row["name"], row["state"]) == ("answer", "failed")
