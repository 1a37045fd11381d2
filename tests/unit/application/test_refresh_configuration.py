"""What became of an edit is told once, with all that is wrong with it."""

import logging

import pytest

from multiplespawner.application.ports.configuration import Configuration, Problem, Severity
from multiplespawner.application.use_cases.refresh_configuration import RefreshConfiguration
from multiplespawner.testing.fakes.memory_configurations import MemoryConfigurations


def problem(severity: Severity, line: int) -> Problem:
    """Something is wrong in a line."""
    return Problem(severity, "/etc/t.json", line, (0, "lifetime"), "0", "a number above 0", "Say 1.")


ERROR, WARNING = problem(Severity.ERROR, 3), problem(Severity.WARNING, 4)
GOOD = Configuration("good", ("t.json",))
WARNED = Configuration("warned", ("t.json",), (WARNING,))
BAD = Configuration("bad", ("t.json",), (ERROR, WARNING))
WORSE = Configuration("worse", ("t.json",), (problem(Severity.ERROR, 5),))


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """What is logged, at every level."""
    caplog.set_level(logging.INFO, "multiplespawner.configuration")
    return caplog


def levels(told: pytest.LogCaptureFixture) -> list[str]:
    """Levels of what was logged since this was asked last."""
    found = [record.levelname for record in told.records]
    told.clear()
    return found


async def test_a_broken_start_is_loud(told: pytest.LogCaptureFixture) -> None:
    """Each problem has a line at its level that names the place, and one line sums up the errors."""
    assert await RefreshConfiguration(MemoryConfigurations(BAD))() is BAD
    assert "/etc/t.json:3 $[0].lifetime" in told.records[0].getMessage()
    assert levels(told) == ["ERROR", "WARNING", "ERROR"]


async def test_a_sound_start_is_quiet(told: pytest.LogCaptureFixture) -> None:
    """Nothing is told of what is in order."""
    await RefreshConfiguration(MemoryConfigurations(GOOD))()
    assert levels(told) == []


async def test_a_warning_at_the_start(told: pytest.LogCaptureFixture) -> None:
    """What is offered in spite of it needs no summary."""
    await RefreshConfiguration(MemoryConfigurations(WARNED))()
    assert levels(told) == ["WARNING"]


async def test_each_edit_is_told_once(told: pytest.LogCaptureFixture) -> None:
    """However often one looks; a second bad one is another edit, and so is its correction."""
    files = MemoryConfigurations(GOOD)
    refresh = RefreshConfiguration(files)
    await refresh()
    for said, expected, in_force in (
        (BAD, ["ERROR", "WARNING", "ERROR"], GOOD),
        (WORSE, ["ERROR", "ERROR"], GOOD),
        (GOOD, ["INFO"], GOOD),
        (WARNED, ["INFO", "WARNING"], WARNED),
        (BAD, ["ERROR", "WARNING", "ERROR"], WARNED),
        (GOOD, ["INFO"], GOOD),
    ):
        files.said = said
        assert await refresh() is in_force
        assert levels(told) == expected
        await refresh()
        assert levels(told) == []


async def test_what_somebody_else_saw_is_told_too(told: pytest.LogCaptureFixture) -> None:
    """Whoever looked first, it is told at the next look of ours."""
    files = MemoryConfigurations(GOOD)
    refresh = RefreshConfiguration(files)
    await refresh()
    files.said = BAD
    await files.refresh()
    await refresh()
    assert levels(told) == ["ERROR", "WARNING", "ERROR"]
