"""Given a log, when `sessions` or `resources` is run, then what runs and is held is listed."""

import json
from typing import Any

import pytest

from multiplespawner.domain.session import SessionFailed
from told_states import State, names


def rows(state: State, command: str, *options: str) -> list[dict[str, Any]]:
    """The rows as programs get them."""
    result = state.run(command, "--json", *options)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.mark.parametrize(
    ("options", "numbers"),
    [
        ((), [2, 3]),
        (("--all",), [1, 2, 3]),
        (("--user", "ann"), [2]),
        (("--user", "ann", "--all"), [1, 2]),
        (("--user", "2"), [3]),
        (("--since", "1d"), [1, 2, 3]),
        (("--since", "1h"), []),
    ],
)
def test_sessions_that_are_asked_for(state: State, options: tuple[str, ...], numbers: list[int]) -> None:
    """Those that are not over, or all; of a user; since a time; oldest first."""
    assert [row["session"] for row in rows(state, "sessions", *options)] == [names(n)[0] for n in numbers]


def test_a_session_in_a_row(state: State) -> None:
    """Whose, what, where, since when, how it is."""
    row = rows(state, "sessions")[0]
    assert (row["user_name"], row["offer"], row["phase"]) == ("ann", "local/Process/small", "running")
    line = next(line for line in state.run("sessions").stdout.splitlines() if line.startswith("25000000"))
    for said in ("ann", "local/Process/small", "running", "27000000"):
        assert said in line.split()


@pytest.mark.parametrize(
    ("options", "numbers"), [((), [2, 3]), (("--all",), [1, 2, 3]), (("--since", "1h"), [])]
)
def test_resources_that_are_asked_for(state: State, options: tuple[str, ...], numbers: list[int]) -> None:
    """Those that may be held, or all that there ever were."""
    found = [row["resource"] for row in rows(state, "resources", *options)]
    assert found == [names(n)[1] for n in numbers]


def test_a_resource_in_a_row(state: State) -> None:
    """Where, what, for which session, how it is."""
    line = next(line for line in state.run("resources").stdout.splitlines() if line.startswith("27000000"))
    for said in ("local", "bare_metal", "provisioned", "25000000", "CPU", "127.0.0.1"):
        assert said in line.split()


@pytest.mark.parametrize("command", ["sessions", "resources"])
def test_nothing_is_an_answer(empty: State, command: str) -> None:
    """An empty list is no error."""
    empty.tell([])
    result = empty.run(command)
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) == 1
    assert rows(empty, command) == []


def test_a_failure_moves_no_cursor_and_is_no_markup(state: State) -> None:
    """What an inner spawner said is shown as it is."""
    state.tell([(f"session:{names(3)[0]}", SessionFailed("start", "x", "\x1b[2J[red]boo[/red]"))])
    output = state.run("sessions", "--all").output
    assert "\x1b" not in output
    assert "[red]boo[/red]" in output
