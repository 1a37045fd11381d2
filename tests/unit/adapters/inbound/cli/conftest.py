"""Folders of state for the command line."""

from pathlib import Path

import pytest

from told_states import LOADED, State, ended, requested, started


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> State:
    """Nothing yet."""
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    return State(tmp_path / "state")


@pytest.fixture
def state(empty: State) -> State:
    """Ann's session 1 is over; session 2 is hers too and runs; session 3 is Ben's and starts."""
    empty.folder.mkdir()
    for told in (
        [LOADED],
        requested(1),
        started(1),
        ended(1),
        requested(2),
        started(2),
        requested(3, user=2),
    ):
        empty.tell(told)
    empty.knows(1, "ann")
    empty.knows(2, "ben")
    return empty
