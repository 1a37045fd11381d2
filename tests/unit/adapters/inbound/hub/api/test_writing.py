"""Large values are written part by part, and say the same."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from multiplespawner.adapters.inbound.hub.api.writing import pieces
from offer_strategies import JSON


@given(JSON, st.integers(0, 4))
def test_parts_make_the_whole(value: Any, apart: int) -> None:
    """However many levels are written apart."""
    assert "".join(pieces(value, apart)) == json.dumps(value)
