"""The steps of a session and their times, from its facts alone."""

import pytest

from multiplespawner.application.views.progress import progress_of
from multiplespawner.application.views.steps import StepName, StepState, steps_of
from stories import Story
from worlds import NOW

ALL = {"allocation": "provider", "authenticator": "a", "configurer": "c"}


def told(story: Story):
    """Name, state and seconds of each step."""
    return [(step.name.value, step.state.value, step.seconds) for step in steps_of(story.records)]


def test_a_whole_life():
    """Every step that there is, with the time between its facts."""
    story = Story().request(**ALL).go_on(5, [10, 20, 3, 40, 5])
    assert told(story) == [
        ("requested", "done", 0),
        ("machine", "done", 30),
        ("keys", "done", 3),
        ("setup", "done", 40),
        ("notebook", "done", 5),
    ]
    story.stop().go_on(10, [7, 1, 9])
    assert told(story)[5:] == [("stopping", "done", 7), ("release", "done", 10)]


def test_only_what_is_needed():
    """Where the inner spawner allocates no machine is waited for, and without an authenticator no keys."""
    story = Story().request().go_on(1, [2])
    assert told(story) == [("requested", "done", 0), ("notebook", "done", 2)]


def test_a_running_step_has_begun():
    """It has no end yet, and lasts longer the later one looks."""
    story = Story().request("provider")
    (_, machine) = steps_of(story.records)
    assert (machine.name, machine.state, machine.began, machine.seconds) == ("machine", "running", NOW, None)
    assert machine.lasted(story.now.replace(minute=1)) == 60


@pytest.mark.parametrize(
    ("failing", "name", "code"),
    [(2, "keys", "refused"), (3, "setup", "task_failed"), (4, "notebook", "start_failed")],
)
def test_a_failure_names_its_step(failing, name, code):
    """A failed session says where and why, with the words for its user."""
    story = Story().request(**ALL).go_on(30, failures=[n == failing for n in range(failing + 1)])
    progress = progress_of("s1", story.records)
    assert (progress.phase, progress.failed_step, progress.code) == ("failed", name, code)
    failed = next(step for step in progress.steps if step.name == name)
    assert (failed.state, failed.code, failed.seconds, failed.detail) == ("failed", code, 1, progress.message)
    assert [step.name for step in progress.steps if step.state is StepState.FAILED] == [name]


def test_another_try_is_no_failure():
    """While the provider is asked again the step runs, and says why it takes long; then that is forgotten."""
    story = Story().request("provider").go_on(1, failures=[True])
    assert [(s.state, s.code, s.detail) for s in steps_of(story.records)][1:] == [
        ("running", "out_of_capacity", "Full.")
    ]
    story.go_on(2)
    assert [(s.state, s.code, s.detail) for s in steps_of(story.records)][1:] == [("running", None, "")]


def test_a_start_that_is_cancelled():
    """What was under way failed for that reason, and is taken down."""
    story = Story().request("provider").stop("start_cancelled").go_on(10)
    progress = progress_of("s1", story.records)
    assert (progress.failed_step, progress.code) == (StepName.MACHINE, "start_cancelled")
    assert [name for name, _, _ in told(story)] == ["requested", "machine", "stopping", "release"]


def test_a_failure_between_two_steps_has_a_line():
    """A session that ends while no step runs failed at starting its notebook."""
    story = Story().request().stop("interrupted").go_on(10)
    progress = progress_of("s1", story.records)
    assert (progress.failed_step, progress.code) == (StepName.NOTEBOOK, "interrupted")


def test_a_slow_end_says_why():
    """What is tried again on the way back stays under way, with its code."""
    story = Story().request().go_on(1).stop().go_on(1, failures=[True])
    assert [(s.name, s.state, s.code) for s in steps_of(story.records)][-1] == (
        "stopping",
        "running",
        "stuck",
    )


def test_nothing_of_nothing():
    """A session that the log does not know has no steps."""
    assert steps_of(()) == ()
    assert progress_of("s1", ()).phase == "new"
