"""A host that is in trouble is tried less and less often, however much a notebook is wanted."""

import pytest

from multiplespawner.ssh_spawner.pausing import Pauses
from multiplespawner.ssh_spawner.settings import Pace

PACE = Pace()
LESS, MORE = 0.75, 1.25
"""The least and the most of what is about one."""


@pytest.mark.parametrize("again", [Pauses.after_failure, Pauses.after_loss])
def test_pauses_grow_and_are_bounded(again):
    """After failures, and after connections that were lost as soon as they were made."""
    how = {"may_be_over_soon": True} if again is Pauses.after_failure else {"held": 1.0}
    pauses = Pauses(PACE)
    made = [again(pauses, **how) for _ in range(20)]
    for number, pause in enumerate(made):
        expected = min(PACE.first * 2**number, PACE.longest)
        assert expected * LESS <= pause.unwanted <= expected * MORE
        assert pause.wanted <= min(pause.unwanted, PACE.soon * MORE)
    assert all(pause.wanted >= PACE.soon * LESS for pause in made[4:])


def test_nobody_shortens_the_pause_after_a_refusal():
    """A key that the host does not take, or a host that is another one: it takes a person to mend that."""
    pause = Pauses(PACE).after_failure(may_be_over_soon=False)
    assert pause.wanted == pause.unwanted >= PACE.longest * LESS


def test_a_connection_that_was_held_is_made_again_soon():
    """Whatever was before; and not in the same moment as all others of the host."""
    pauses = Pauses(PACE)
    for _ in range(10):
        pauses.after_loss(0)
    spread = [pauses.after_loss(PACE.steady).unwanted for _ in range(50)]
    assert max(spread) <= PACE.spread
    assert len(set(spread)) > 40
    assert pauses.after_loss(0).unwanted <= PACE.first * MORE


def test_a_quick_pace_is_quick_in_all():
    """The longest pause bounds the others."""
    pauses = Pauses(Pace(first=0.01, longest=0.1))
    made = [pauses.after_loss(1000), *(pauses.after_loss(0) for _ in range(10))]
    made += [pauses.after_failure(may_be_over_soon=each) for each in (True, False)]
    assert all(pause.wanted <= pause.unwanted <= 0.1 * MORE for pause in made)
