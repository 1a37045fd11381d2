"""Given offers before and after an edit, then each difference says who gains or loses what."""

from typing import Any

import pytest
from attrs import evolve
from hypothesis import given

from multiplespawner.domain import offers as o
from multiplespawner.domain.offers.differences import Change, Difference, People, differences
from multiplespawner.domain.values import Hardware
from offer_strategies import PLAIN, several

EVERYONE, NOBODY = People(everyone=True), People()


def only(before: Any, after: Any) -> Difference:
    """Return the one difference."""
    (found,) = differences(before, after)
    return found


@pytest.mark.parametrize(
    ("groups", "users", "who", "said"),
    [
        (None, None, EVERYONE, "everyone"),
        (("staff",), None, People(groups=("staff",)), "groups staff"),
        (("staff",), ("ada",), People(groups=("staff",), users=("ada",)), "groups staff and users ada"),
        ((), None, NOBODY, ""),
    ],
)
def test_an_offer_appears_or_vanishes_for_those_whom_it_is_for(
    groups: Any, users: Any, who: People, said: str
) -> None:
    """Who may choose it gains it, or loses it."""
    offer = evolve(PLAIN, groups=groups, users=users)
    assert only([], [offer]) == Difference(offer=offer, kind="appears", gains=who, loses=NOBODY)
    gone = only([offer], [])
    assert gone == Difference(offer=offer, kind="vanishes", gains=NOBODY, loses=who)
    assert (only([], [offer]).gaining, gone.losing) == (said, said)


@pytest.mark.parametrize(
    ("before", "after", "gaining", "losing"),
    [
        (None, ("staff",), "", "everyone but groups staff"),
        (("staff",), None, "everyone", ""),
        (("staff",), ("staff", "guests"), "groups guests", ""),
        (("staff", "guests"), ("guests", "new"), "groups new", "groups staff"),
        ((), ("staff",), "groups staff", ""),
        (None, (), "", "everyone"),
    ],
)
def test_an_audience_that_changes_is_told_by_who_comes_and_goes(
    before: Any, after: Any, gaining: str, losing: str
) -> None:
    """Groups that stay are not told."""
    found = only([evolve(PLAIN, groups=before)], [evolve(PLAIN, groups=after)])
    assert (found.kind, found.gaining, found.losing) == ("changes", gaining, losing)
    assert [change.what for change in found.changes] == ["audience"]


FLAVORS = o.Flavors((o.Flavor("a", Hardware(cpu=1)), o.Flavor("b", Hardware(cpu=2))))
COURSE = o.ChoiceOption(name="course", choices=tuple(map(str, range(30))), default="1")


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        ({"name": "Old"}, {"name": "New"}, Change("name", "Old", "New")),
        (
            {"hardware": o.Ranges(cpu=o.Range(1, 1, 1))},
            {"hardware": o.Ranges(cpu=o.Range(1, 4, 2))},
            Change("hardware", "cpu 1 (1 CPU if not said)", "cpu 1 to 4 (2 CPU if not said)"),
        ),
        (
            {"hardware": FLAVORS},
            {"hardware": evolve(FLAVORS, default="b")},
            Change(
                "hardware", "a (1 CPU); b (2 CPU) (a if not said)", "a (1 CPU); b (2 CPU) (b if not said)"
            ),
        ),
        (
            {"lifetime": o.Lifetime(60)},
            {"lifetime": o.Lifetime(60, 60)},
            Change("lifetime", "60 minutes", "60 minutes, at most 60"),
        ),
        ({}, {"lifetime": o.Lifetime(9)}, Change("lifetime", "until it is stopped", "9 minutes")),
        ({}, {"inner_options": ("x", "y")}, Change("inner_options", "", "x, y")),
        (
            {},
            {"options": (o.BooleanOption(name="fast"),)},
            Change("options.fast", "", "true or false (must be given)"),
        ),
    ],
)
def test_what_changes_is_told_before_and_after(before: Any, after: Any, change: Change) -> None:
    """In words, one for each thing."""
    found = only([evolve(PLAIN, **before)], [evolve(PLAIN, **after)])
    assert (found.changes, found.gains, found.loses) == (
        (change,),
        NOBODY,
        NOBODY,
    )


def test_a_choice_more_is_seen_however_many_there_are() -> None:
    """Messages are cut, comparisons are not."""
    offers = [
        evolve(PLAIN, options=(evolve(COURSE, choices=choices),))
        for choices in (COURSE.choices, (*COURSE.choices[:-1], "other"))
    ]
    assert [change.what for change in only(offers[:1], offers[1:]).changes] == ["options.course"]


def test_what_users_do_not_notice_is_no_difference() -> None:
    """Time limits and titles."""
    titled = evolve(COURSE, title="Course", description="Of the term")
    before, after = (
        evolve(PLAIN, options=(option,), start_timeout=seconds)
        for option, seconds in ((COURSE, 1), (titled, 2))
    )
    assert differences([before], [after]) == ()


@given(before=several(), after=several())
def test_differences_are_those_of_ids_and_nothing_differs_from_itself(
    before: list[o.Offer], after: list[o.Offer]
) -> None:
    """What appears is new, what vanishes is gone; each difference turns round with its sides."""
    assert differences(before, before) == ()
    found, turned = differences(before, after), differences(after, before)
    ids = [{offer.id for offer in offers} for offers in (before, after)]
    assert {each.offer.id for each in found if each.kind == "appears"} == ids[1] - ids[0]
    assert {each.offer.id for each in found if each.kind == "vanishes"} == ids[0] - ids[1]
    assert {(each.offer.id, each.gains, each.loses) for each in found} == {
        (each.offer.id, each.loses, each.gains) for each in turned
    }


def test_500_offers_are_compared() -> None:
    """As many as there may be."""
    known = [evolve(PLAIN, id=f"local/T/{n}") for n in range(500)]
    found = differences(known, [*known[1:], evolve(PLAIN, id="local/T/new")])
    assert [each.kind for each in found] == ["appears", "vanishes"]
