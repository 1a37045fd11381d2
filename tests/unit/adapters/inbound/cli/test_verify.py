"""Given a log, when `log verify` is run, then it says whether all of it is whole, or where it is not."""

import json
import sqlite3
from contextlib import closing

from told_states import State

RECORDS, STREAMS = 32, 1 + 1 + 9


def test_a_whole_log_is_0(state: State) -> None:
    """With how much was looked at."""
    result = state.run("log", "verify")
    assert result.exit_code == 0
    assert f"{RECORDS} records of {STREAMS} streams" in result.stdout
    counted = json.loads(state.run("log", "verify", "--json").stdout)
    assert counted == {"records": RECORDS, "streams": STREAMS, "damage": None}


def test_the_first_bad_record_is_named(state: State) -> None:
    """Stream, version and position, and how much before it is whole; 1."""
    with closing(sqlite3.connect(state.log)) as database, database:
        changed = "UPDATE stored_events SET state = replace(state, 'physics', 'algebra') WHERE rowid = 3"
        assert database.execute(changed).rowcount == 1
    result = state.run("log", "verify")
    assert result.exit_code == 1
    assert "position 4, version 2 of session:15" in result.stdout
    found = json.loads(state.run("log", "verify", "--json").stdout)
    assert (found["records"], found["damage"]["position"]) == (3, 4)


def test_what_was_put_into_a_log_moves_no_cursor(state: State) -> None:
    """Not even the name of a stream that somebody wrote by hand."""
    with closing(sqlite3.connect(state.log)) as database, database:
        database.execute("UPDATE stored_events SET originator_id = char(27) || '[2J[red]x' WHERE rowid = 4")
    for options in ((), ("--json",)):
        result = state.run("log", "verify", *options)
        assert result.exit_code == 1
        assert "\x1b" not in result.output
        assert "[2J[red]x" in result.output


def test_options_of_log_count_for_verify(state: State) -> None:
    """Given before it or after it."""
    (state.folder / "events.sqlite").rename(state.folder / "other.sqlite")
    for given in (("log", "--event-log", str(state.folder / "other.sqlite"), "verify"),):
        assert state.run(*given).exit_code == 0
    assert state.run("log", "verify").exit_code == 2
