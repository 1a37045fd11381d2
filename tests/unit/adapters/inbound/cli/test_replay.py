"""Given a log, when `replay` is run, then a session is told as it was at a time, and why it was allowed."""

import json
from datetime import timedelta
from typing import Any

import pytest

from told_states import DIGEST, State, ended, names


def replayed(state: State, *options: str) -> dict[str, Any]:
    """What programs get of session 1."""
    result = state.run("replay", names(1)[0][:4], "--json", *options)
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_as_it_is_now(state: State) -> None:
    """The states of all four, the groups, the configuration with its files, and every record."""
    found = replayed(state)
    phases = [found[each]["phase"] for each in ("session", "resource", "deployment")]
    assert phases == ["ended", "released", "withdrawn"]
    assert found["session"]["groups"] == ["staff"]
    assert found["session"]["configuration"] == DIGEST
    assert found["loaded"]["fact"]["files"] == ["/etc/t.json", "/etc/d.json"]
    assert len(found["records"]) == 15
    assert set(found["allowances"]["pool:local"]["reservations"]) == {names(2)[1], names(3)[1]}
    assert found["steps"][0]["name"] == "requested"


def test_as_it_was(state: State) -> None:
    """What came later is not known at that time."""
    found = replayed(state, "--at", (state.clock.now() - timedelta(seconds=4.5)).isoformat())
    assert (found["session"]["phase"], found["resource"]["phase"]) == ("running", "provisioned")
    assert set(found["allowances"]["pool:local"]["reservations"]) == {names(1)[1]}
    assert found["records"][-1]["name"] == "session.started"


def test_a_time_that_log_tells_takes_in_its_fact(state: State) -> None:
    """Times are told to the second: said again, all that happened in that second had happened."""
    state.clock.advance(timedelta(seconds=1, microseconds=-state.clock.now().microsecond + 400_000))
    state.tell(ended(2))
    (over,) = [line for line in state.run("log", "--session", "25").stdout.splitlines() if "ended" in line]
    result = state.run("replay", "25", "--json", "--at", over[:23])
    assert json.loads(result.stdout)["session"]["phase"] == "ended"


def test_people_read_all_of_it(state: State) -> None:
    """States, reasons, steps, and a line for each fact."""
    result = state.run("replay", names(1)[0])
    assert result.exit_code == 0
    for said in (
        "ann",
        "staff",
        DIGEST,
        "/etc/t.json",
        "accepted",
        "pool:local",
        "notebook",
        "resource.released",
    ):
        assert said in result.stdout


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("f",), 1),
        (("",), 1),
        ((names(1)[0], "--at", "1 day ago"), 1),
        ((names(1)[0], "--at", "nonsense"), 2),
        ((names(1)[0], "--at", "in 1 hour"), 2),
    ],
)
def test_what_was_not_there_is_told_in_words(state: State, arguments: tuple[str, ...], status: int) -> None:
    """Unknown, ambiguous, not requested yet, or no time at all."""
    result = state.run("replay", *arguments)
    assert result.exit_code == status
    assert result.stderr
    assert "Traceback" not in result.output
