"""The schema of what may be sent says what choosing does."""

import json
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from multiplespawner.domain import offers as o
from multiplespawner.domain.refusals import Refusal
from offer_strategies import PATTERNS, PLAIN, UNLIKE, bodies, requests, several


def choice(body: Any, known: list[o.Offer], remembered: Any = None) -> o.Choice | None:
    """Return what choosing makes of it; None for a refusal."""
    try:
        return o.choose(body, remembered, known, "ada", ())
    except Refusal:
        return None


def schema_of(known: list[o.Offer], remembered: Any = None) -> Draft202012Validator:
    """Return what the schema takes; it is strict JSON, and a schema."""
    made = o.schema(known, empty=choice({}, known, remembered) is not None)
    assert json.loads(json.dumps(made, allow_nan=False)) == made
    Draft202012Validator.check_schema(made)
    return Draft202012Validator(made)


@settings(max_examples=300, deadline=None)
@given(data=st.data(), known=several())
def test_the_schema_takes_what_choosing_takes(data: st.DataObject, known: list[o.Offer]) -> None:
    """A body is valid if and only if it is accepted, also where an earlier request is remembered."""
    remembered = data.draw(st.none() | bodies(known))
    body = data.draw(st.none() | st.just({}) | bodies(known))
    accepted = choice(body, known, remembered) is not None
    assert schema_of(known, remembered).is_valid(body) == accepted


@settings(deadline=None)
@given(data=st.data(), known=several(PATTERNS | UNLIKE))
def test_what_is_accepted_is_always_valid(data: st.DataObject, known: list[o.Offer]) -> None:
    """Also where a pattern can't be said; and the strategy makes what it says."""
    body = data.draw(requests(known))
    assert choice(body, known) is not None
    assert schema_of(known).is_valid(body)


@settings(deadline=None)
@given(data=st.data(), known=several(PATTERNS | UNLIKE))
def test_a_selection_can_be_asked_for_again(data: st.DataObject, known: list[o.Offer]) -> None:
    """Its request makes the same one, and is valid."""
    made = choice(data.draw(requests(known)), known)
    assert made is not None
    again = o.request_for(made.offer, made.selection)
    found = choice(again, known)
    assert found is not None
    assert found.selection == made.selection
    assert schema_of(known).is_valid(again)


@settings(deadline=None)
@given(data=st.data(), known=several())
def test_all_that_is_refused_is_told_in_the_order_of_the_request(
    data: st.DataObject, known: list[o.Offer]
) -> None:
    """The first is raised, the others are beside it; what is required and missing comes last."""
    body = data.draw(bodies(known))
    try:
        o.choose(body, None, known, "ada", ())
    except Refusal as refusal:
        told = (refusal, *refusal.also)
    else:
        return
    assert all(each.also == () for each in told[1:])
    if isinstance(body, dict):
        order = ["offer", *_places(body)]
        found = [order.index(each.place) if each.place in order else len(order) for each in told]
        assert found == sorted(found) or told[0].place in ("", "offer")


def test_each_refusal_has_its_place() -> None:
    """One for everything that is wrong, in the order in which it was asked for."""
    offer = evolve(
        PLAIN,
        hardware=o.Ranges(cpu=o.Range(1, 2, 1), gpu=o.Range(0, 1, 0), gpu_kinds=("a",)),
        options=(o.BooleanOption(name="sure"), o.IntegerOption(name="n", minimum=1, maximum=2, default=1)),
    )
    body = {
        "lifetime": -1,
        "bogus": 1,
        "options": {"n": 3, "other": 1},
        "hardware": {"gpu_kind": "a", "cpus": 1, "cpu": 3},
    }
    with pytest.raises(o.BadType) as raised:
        o.choose(body, None, [offer], "ada", ())
    assert [(each.code, each.place) for each in (raised.value, *raised.value.also)] == [
        ("bad_type", "lifetime"),
        ("unknown_key", "bogus"),
        ("bad_option", "options.n"),
        ("unknown_option", "options.other"),
        ("hardware_out_of_range", "hardware.gpu_kind"),
        ("unknown_key", "hardware.cpus"),
        ("hardware_out_of_range", "hardware.cpu"),
        ("option_required", "options.sure"),
    ]


def test_a_body_made_to_hurt_is_refused_with_a_bounded_answer() -> None:
    """However many things are wrong with it."""
    many = {f"x{n}": n for n in range(10_000)}
    with pytest.raises(o.UnknownKey) as raised:
        o.choose({**many, "options": many, "hardware": many}, None, [PLAIN], "ada", ())
    assert raised.value.place == "x0"
    assert len(raised.value.also) < 100


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ([], ""),
        ({}, "offer"),
        ({"offer": 1}, "offer"),
        ({"offer": "Plain"}, "offer"),
        ({"offer": "none"}, "offer"),
        ({"offer": PLAIN.id, "hardware": 1}, "hardware"),
        ({"offer": PLAIN.id, "options": 1}, "options"),
    ],
)
def test_what_can_t_be_looked_into_is_one_refusal(body: Any, place: str) -> None:
    """Without an offer nothing else can be judged."""
    with pytest.raises(Refusal) as raised:
        o.choose(body, None, [PLAIN, evolve(PLAIN, id="local/Other/machine")], "ada", ())
    assert (raised.value.place, raised.value.also) == (place, ())


def _places(body: dict[str, Any]) -> list[str]:
    """Return what can be refused, as a reader finds it from top to bottom."""
    return [
        place
        for key, value in body.items()
        for place in (key, *(f"{key}.{part}" for part in (value if isinstance(value, dict) else ())))
    ]


GPU = [{}, {"gpu": 0}, {"gpu": 1}, {"gpu": 2.0}, {"gpu": 3}, {"gpu": "1"}]
KIND = [{}, {"gpu_kind": "a"}, {"gpu_kind": "x"}, {"gpu_kind": 1}]


@pytest.mark.parametrize(
    "gpu", [None, o.Range(0, 2, 0), o.Range(0, 2, 1), o.Range(1, 2, 1), o.Range(0, 0, 0)]
)
@pytest.mark.parametrize("kinds", [(), ("a", "b")])
def test_a_kind_of_gpu_needs_a_gpu(gpu: o.Range | None, kinds: tuple[str, ...]) -> None:
    """Be it asked for or there by default; schema and choosing agree on all of them."""
    offer = evolve(PLAIN, hardware=o.Ranges(gpu=gpu, gpu_kinds=kinds))
    taken = schema_of([offer])
    for body in ({"hardware": {**amount, **kind}} for amount in GPU for kind in KIND):
        assert taken.is_valid(body) == (choice(body, [offer]) is not None), body


def test_nothing_can_be_sent_where_nothing_is_offered() -> None:
    """The schema takes no body at all."""
    assert [schema_of([]).is_valid(body) for body in (None, {}, {"offer": "a"})] == [False] * 3


@pytest.mark.parametrize(("empty", "valid"), [(True, True), (False, False)])
@pytest.mark.parametrize("several_", [True, False])
def test_empty_bodies_are_as_is_said(empty: bool, valid: bool, several_: bool) -> None:
    """Whoever knows what is remembered says it."""
    known = [PLAIN, evolve(PLAIN, id="local/Other/machine")][: 1 + several_]
    taken = Draft202012Validator(o.schema(known, empty=empty))
    assert [taken.is_valid(body) for body in (None, {})] == [valid] * 2


def test_a_name_that_fits_two_offers_is_none() -> None:
    """Only what means one offer is in the schema; an id of one counts over the name of another."""
    first = evolve(PLAIN, name="Both", entry="one")
    second = evolve(PLAIN, id="local/Other/machine", name="Both", entry=PLAIN.id)
    branches = o.schema([first, second], empty=False)["anyOf"]
    assert [branch["properties"]["offer"]["enum"] for branch in branches] == [
        [PLAIN.id, "one"],
        ["local/Other/machine"],
    ]


def test_people_find_words_in_it() -> None:
    """Titles with units, descriptions, defaults and bounds."""
    offer = evolve(
        PLAIN,
        description="For all",
        hardware=o.Ranges(memory=o.Range(1, 4, 2)),
        lifetime=o.Lifetime(30, 60),
        options=(o.TextOption(name="branch", title="Branch", description="Of git", pattern=r"\w+"),),
    )
    said = o.offer_schema(offer, (offer.id,))
    assert (said["title"], said["description"]) == ("Plain", "For all")
    properties = said["properties"]
    assert properties["hardware"]["properties"]["memory"] == {
        "title": "Memory (GiB)",
        "type": "number",
        "minimum": 1,
        "maximum": 4,
        "default": 2,
    }
    assert properties["lifetime"]["default"] == 30
    branch = properties["options"]["properties"]["branch"]
    assert (branch["title"], branch["maxLength"]) == ("Branch", 255)
    assert "pattern" not in branch
    assert r"\w+" in branch["description"]


def test_500_offers_have_one_schema() -> None:
    """As many as a user may ever see."""
    known = [evolve(PLAIN, id=f"local/T/{n}", entry=str(n)) for n in range(500)]
    taken = schema_of(known)
    assert taken.is_valid({"offer": "499"})
    assert not taken.is_valid({"offer": "500"})
