"""Given a user's name, when it is forgotten, then it is nowhere any more, and the log is whole."""

import pytest

from told_states import HUB, State


def everywhere(state: State) -> bytes:
    """All that lies in the folder."""
    return b"".join(file.read_bytes() for file in state.folder.rglob("*") if file.is_file())


def test_a_forgotten_name_is_nowhere(state: State) -> None:
    """How many rows went and under which ids what happened stays is said; everything else still answers."""
    for user in (1, 7):
        state.knows(user, "ann-marie")
    assert b"ann-marie" in everywhere(state)
    result = state.run("forget", "ann-marie", "--yes")
    assert result.exit_code == 0
    assert "2 erased" in result.stdout
    assert f"user 1 of hub {HUB}, user 7 of hub {HUB}" in result.stdout
    assert b"ann-marie" not in everywhere(state)
    assert state.run("log", "verify").exit_code == 0
    assert state.run("replay", "15").exit_code == 0
    assert "ben" in state.run("sessions").stdout
    assert state.run("forget", "ann-marie", "--yes").exit_code == 1


@pytest.mark.parametrize(("answer", "status"), [("y\n", 0), ("n\n", 1), ("\n", 1), ("", 1)])
def test_it_asks_first(state: State, answer: str, status: int) -> None:
    """No answer, and the end of the input, are no."""
    result = state.run("forget", "ben", input=answer)
    assert result.exit_code == status
    assert (b"ben" in everywhere(state)) == bool(status)


def test_nobody_of_this_name_is_1(empty: State) -> None:
    """And nothing is made by asking."""
    result = empty.run("forget", "ann", "--yes")
    assert result.exit_code == 1
    assert result.stderr
    assert not empty.folder.exists()


def test_names_that_cannot_be_read_are_2(state: State) -> None:
    """It must not look as if nobody were known."""
    (state.folder / "names.sqlite").write_bytes(b"no database" * 100)
    assert state.run("forget", "ann", "--yes").exit_code == 2
