"""Large answers are written part by part, and say the same."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from multiplespawner.adapters.inbound.hub.api.writing import pieces
from offer_strategies import JSON


@given(JSON, st.integers(0, 4))
def test_parts_make_the_whole(value: Any, apart: int) -> None:
    """Whatever is written apart."""
    assert json.loads("".join(pieces(value, apart))) == value


def test_what_comes_one_after_the_other_is_a_list() -> None:
    """Nobody holds all of it."""
    assert "".join(pieces({"a": (number for number in range(3))}, 2)) == '{"a": [0, 1, 2]}'
