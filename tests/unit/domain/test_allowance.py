"""An allowance and its facts."""

from datetime import UTC, datetime
from functools import reduce

from hypothesis import given
from hypothesis import strategies as st

from multiplespawner.domain.allowance import Allowance, AllowanceReserved, AllowanceReturned, evolve, fold
from multiplespawner.domain.values import Amount

RESOURCES = st.sampled_from(["r1", "r2", "r3"])
AMOUNTS = st.tuples(st.builds(Amount, st.just("sessions"), st.integers(1, 9)))
RESERVED = st.builds(AllowanceReserved, RESOURCES, AMOUNTS, st.just(datetime(2026, 1, 1, tzinfo=UTC)))
FACTS = st.lists(RESERVED | st.builds(AllowanceReturned, RESOURCES), max_size=9)


@given(FACTS, FACTS)
def test_facts_folded_at_once_tell_the_same_as_one_by_one(earlier, later) -> None:
    """And what was known before stays as it was."""
    before = fold(Allowance(), earlier)
    kept = dict(before.reservations)

    assert fold(before, later) == reduce(evolve, later, before)
    assert before.reservations == kept
