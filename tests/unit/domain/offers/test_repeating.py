"""A selection becomes a request again, as far as the offer still has what was chosen."""

from attrs import evolve

from multiplespawner.domain import offers as o
from multiplespawner.domain.values import Hardware, Selection
from offer_strategies import PLAIN

FLAVORED = evolve(PLAIN, hardware=o.Flavors((o.Flavor("a", Hardware(cpu=1)), o.Flavor("b", Hardware(cpu=2)))))


def test_a_flavor_is_found_again_by_its_hardware() -> None:
    """The log has what it was, not what it was called."""
    chosen = Selection(PLAIN.id, Hardware(cpu=2), 60, (("n", 1),))
    assert o.request_for(FLAVORED, chosen) == {
        "offer": PLAIN.id,
        "hardware": {"flavor": "b"},
        "lifetime": 60,
        "options": {"n": 1},
    }


def test_what_says_nothing_is_left_out() -> None:
    """No lifetime, no hardware, no options."""
    assert o.request_for(PLAIN, Selection(PLAIN.id)) == {"offer": PLAIN.id}


def test_hardware_that_is_no_more_is_left_out() -> None:
    """A form is then filled with the rest."""
    chosen = Selection(PLAIN.id, Hardware(cpu=9, memory=1))
    assert o.request_for(FLAVORED, chosen) == {"offer": PLAIN.id}
    ranged = evolve(PLAIN, hardware=o.Ranges(memory=o.Range(1, 2, 1)))
    assert o.request_for(ranged, chosen)["hardware"] == {"memory": 1}
