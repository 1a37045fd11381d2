"""Offers and selections are told in the same words everywhere."""

import pytest
from attrs import evolve

from multiplespawner.domain import offers as o
from multiplespawner.domain.offers import words
from multiplespawner.domain.values import Hardware, Selection
from offer_strategies import PLAIN


@pytest.mark.parametrize(
    ("hardware", "said"),
    [
        (Hardware(), ""),
        (Hardware(4.0, 16.0), "4 CPU · 16 GiB"),
        (Hardware(0.5, 0.25, 0), "0.5 CPU · 0.25 GiB"),
        (Hardware(gpu=1), "1 GPU"),
        (Hardware(4, 16, 2, "a100"), "4 CPU · 16 GiB · 2 GPU a100"),
        (Hardware(gpu_kind="a100"), "GPU a100"),
        (Hardware(gpu=0, gpu_kind="a100"), ""),
    ],
)
def test_hardware_is_a_row_of_amounts(hardware: Hardware, said: str) -> None:
    """What the provider decides, and a GPU that isn't there, are not told."""
    assert words.hardware_words(hardware) == said


def test_an_offer_is_summed_up_by_its_defaults() -> None:
    """Of ranges and of flavors."""
    ranges = o.Ranges(o.Range(1, 8, 4), o.Range(1, 64, 16), o.Range(0, 2, 1))
    assert words.summary(evolve(PLAIN, hardware=ranges)) == "4 CPU · 16 GiB · 1 GPU"
    flavors = o.Flavors((o.Flavor("small", Hardware(cpu=1)), o.Flavor("large", Hardware(cpu=9), "Big")))
    assert words.summary(evolve(PLAIN, hardware=flavors)) == "1 CPU"
    assert [words.flavor_words(each) for each in flavors.flavors] == [
        "small (1 CPU)",
        "large: Big (9 CPU)",
    ]
    assert words.summary(PLAIN) == ""


def test_a_selection_is_told_with_its_options() -> None:
    """As it is shown again before it is started again."""
    selection = Selection(PLAIN.id, Hardware(cpu=4), 60, (("course", "physics"), ("debug", False), ("n", 3)))
    assert words.selection_words(selection) == "4 CPU · 60 minutes · course physics · debug no · n 3"


@pytest.mark.parametrize(
    ("groups", "users", "said"),
    [
        (None, None, "everyone"),
        (("a", "b"), None, "groups a, b"),
        (None, ("ada",), "users ada"),
        (("a",), ("ada",), "groups a and users ada"),
        ((), None, "nobody"),
    ],
)
def test_for_whom_an_offer_is(
    groups: tuple[str, ...] | None, users: tuple[str, ...] | None, said: str
) -> None:
    """No names are nobody."""
    assert words.audience(evolve(PLAIN, groups=groups, users=users)) == said
