"""Given a log, when `log` is run, then what happened is told to people and to programs."""

import asyncio
import json
import re
from typing import Any

import pytest

from multiplespawner.adapters.inbound.cli.screen import cell
from multiplespawner.adapters.outbound.event_store.sqlite_event_log import ReadOnlySqliteEventLog
from multiplespawner.application.ports.event_log import Record
from multiplespawner.domain.session import SessionFailed
from multiplespawner.testing.fakes.manual_clock import ManualClock
from told_states import State, names, requested

ALL = 1 + 5 + 4 + 8 + 5 + 4 + 5


def told(state: State, *options: str) -> list[dict[str, Any]]:
    """The records that are told to programs."""
    result = state.run("log", "--json", *options)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def facts(state: State, *options: str) -> list[str]:
    """The names of what is told."""
    return [record["name"] for record in told(state, *options)]


def test_a_line_for_each_fact(state: State) -> None:
    """When, what, of which session, on what resource, whose, where, and what it carries; in short."""
    result = state.run("log")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert len(lines) == ALL
    session, resource, _ = names(1)
    line = next(line for line in lines if "session.requested" in line)
    for said in (session[:8], "ann", "local", "offer=local/Process/small", "course=physics", "groups=staff"):
        assert said in line
    assert resource[:8] in next(line for line in lines if "resource.requested" in line)
    assert all(line == line.rstrip() for line in lines)


def test_programs_get_whole_records(state: State) -> None:
    """As they lie in the log, with the ids that belong together and the name."""
    record = next(each for each in told(state) if each["name"] == "resource.requested")
    session, resource, deployment = names(1)
    assert record["stream"] == f"resource:{resource}"
    assert (record["version"], record["position"], record["actor"], record["previous"]) == (1, 5, "hub", "")
    assert len(record["digest"]) == 64
    assert record["fact"]["allowances"] == ["pool:local"]
    assert record["about"] == {
        "session": session,
        "resource": resource,
        "deployment": deployment,
        "hub": "0f0f0f0f",
        "user": 1,
        "provider": "local",
        "user_name": "ann",
    }


def test_what_is_told_is_what_lies_in_the_log(state: State) -> None:
    """Each record, in order, nothing left out."""
    keys = ("position", "stream", "version", "digest")
    said = [tuple(each[key] for key in keys) for each in told(state, "--all")]
    assert said == [tuple(getattr(each, key) for key in keys) for each in asyncio.run(records(state))]


async def records(state: State) -> tuple[Record, ...]:
    """All that lies in the log."""
    log = ReadOnlySqliteEventLog(state.log, ManualClock(), "1.0")
    try:
        return await log.read_all()
    finally:
        await log.close()


def test_all_that_concerns_a_session(state: State) -> None:
    """Its own facts, those of its resource and deployment, and what it took of what is shared."""
    session, resource, _ = names(1)
    found = told(state, "--session", session[:3])
    assert len(found) == 17
    assert {each["about"]["session"] for each in found} == {session}
    assert [each["position"] for each in found] == sorted(each["position"] for each in found)
    assert [each["position"] for each in told(state, "--resource", resource[:3])] == [
        each["position"] for each in found
    ]


@pytest.mark.parametrize(("user", "count"), [("ann", 26), ("1", 26), ("ben", 5), ("2", 5), ("7", 0)])
def test_all_that_concerns_a_user(state: State, user: str, count: int) -> None:
    """By name, or by the hub's id."""
    assert len(told(state, "--user", user)) == count


@pytest.mark.parametrize(
    ("options", "count"),
    [
        (("--last", "0"), 0),
        (("-n", "3"), 3),
        (("--last", "3", "--user", "ann"), 3),
        (("--name", "session.failed"), 0),
        (("--name", "session.ended", "--name", "allowance"), 5),
        (("--name", "session", "-n", "2"), 2),
        (("--since", "2h"), 0),
        (("--since", "1 day ago"), ALL),
        (("--since", "1d", "--name", "session.started", "--user", "ann"), 2),
    ],
)
def test_what_is_told_can_be_narrowed_down(state: State, options: tuple[str, ...], count: int) -> None:
    """By facts, time, number, and all together."""
    assert len(told(state, *options)) == count


def test_the_last_are_the_latest(state: State) -> None:
    """In the order in which they happened."""
    assert [each["position"] for each in told(state, "-n", "3")] == [ALL - 2, ALL - 1, ALL]
    assert facts(state, "-n", "2", "--name", "session.started") == ["session.started"] * 2


def test_without_a_word_it_is_what_fits_on_a_screen(state: State) -> None:
    """The last fifty; with --all, all."""
    for number in range(4, 9):
        state.tell(requested(number))
    assert len(told(state)) == 50
    assert len(told(state, "--all")) == ALL + 25


@pytest.mark.parametrize(
    "options",
    [
        ("--name", "session.faled"),
        ("--since", "next to nothing"),
        ("--since", "in 2 hours"),
        ("--since", "11"),
        ("--last", "-1"),
    ],
)
def test_what_makes_no_sense_is_told_in_words(state: State, options: tuple[str, ...]) -> None:
    """Also what could mean several things: a bare number is no time."""
    result = state.run("log", *options)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    "options",
    [("--session", "f"), ("--session", ""), ("--resource", "f"), ("--user", "eve"), ("--session", "%")],
)
def test_what_is_not_there_is_1(state: State, options: tuple[str, ...]) -> None:
    """A session, resource or user that nobody has heard of; an empty option is none."""
    result = state.run("log", *options)
    assert result.exit_code == (1 if options[1] else 0)
    assert result.exit_code == 0 or result.stderr


def test_what_a_fact_says_moves_no_cursor_and_is_no_markup(state: State) -> None:
    """Neither in a line, nor in a name, nor in JSON."""
    session, _, _ = names(3)
    state.tell([(f"session:{session}", SessionFailed("start", "x", "\x1b[2J[red]boo[/red] \u202eabc\r\n"))])
    state.knows(2, "\x1b[b]\x07")
    for options in ((), ("--json",)):
        output = state.run("log", *options).output
        assert not {"\x1b", "\x07", "\r", "\u202e"} & set(output)
        assert "[red]boo[/red]" in output
        assert "[b]" in output


def test_a_terminal_gets_the_same_in_colours(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever facts say, only colours are added."""
    session, _, _ = names(3)
    state.tell([(f"session:{session}", SessionFailed("start", "x", "\x1b[31mred\x1b[0m"))])
    plain = state.run("log").stdout
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    coloured = state.run("log").stdout
    assert "\x1b[31m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


@pytest.mark.parametrize(
    ("said", "shown"), [("ab", "ab   "), ("abcdef", "abc… "), ("漢字漢", "漢 … "), ("\r", "\\u0… ")]
)
def test_a_cell_has_its_width(said: str, shown: str) -> None:
    """In columns, of which some characters take two."""
    assert cell(said, 4) == shown


def test_names_that_cannot_be_read_are_ids(state: State) -> None:
    """An auditor may read the log and not the names; that is said, once."""
    (state.folder / "names.sqlite").write_bytes(b"no database" * 100)
    result = state.run("log")
    assert result.exit_code == 0
    assert " ann " not in result.stdout
    assert len(result.stderr.splitlines()) == 1
    assert state.run("log", "--user", "ann").exit_code == 2
    assert state.run("log", "--user", "1").exit_code == 0
