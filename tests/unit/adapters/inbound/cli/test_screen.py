"""Given how long something took, then people read it at a glance."""

from datetime import timedelta

import pytest

from multiplespawner.adapters.inbound.cli.screen import lasted


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.025, "25 ms"),
        (1.5, "1.5 s"),
        (303, "5 min 3 s"),
        (2 * 86400 + 4 * 3600 + 59, "2 d 4 h"),
        (-5, "0 ms"),
    ],
)
def test_two_units_at_most(seconds: float, said: str) -> None:
    """No time runs backwards, also where the clocks of two machines differ."""
    assert lasted(timedelta(seconds=seconds)) == said
