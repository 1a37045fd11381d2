"""Given offers, when a user asks, then there is one choice or one clear refusal."""

from collections.abc import Callable
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from multiplespawner.domain import offers as o
from multiplespawner.domain.refusals import Refusal
from multiplespawner.domain.values import Hardware

SMALL = o.Offer(
    id="local/process/small",
    name="Small",
    type="bare_metal",
    provider="local",
    template="process",
    entry="small",
    hardware=o.Ranges(
        cpu=o.Range(1, 4, 2), memory=o.Range(0.5, 8, 1), gpu=o.Range(0, 2, 0), gpu_kinds=("a100",)
    ),
    lifetime=o.Lifetime(default=60, maximum=480),
    options=(
        o.ChoiceOption(name="image", choices=("lab", 7), default="lab"),
        o.IntegerOption(name="workers", minimum=1, maximum=8, default=1),
        o.BooleanOption(name="debug", default=False),
        o.TextOption(name="branch", pattern="[a-z]+", max_length=10, default="main"),
    ),
)
FLAVORED = evolve(
    SMALL,
    id="cloud/vm/flavored",
    name="Cloud",
    provider="cloud",
    template="vm",
    entry="flavored",
    hardware=o.Flavors((o.Flavor("tiny", Hardware(cpu=1)), o.Flavor("huge", Hardware(cpu=64, gpu=8)))),
    lifetime=o.Lifetime(),
    options=(),
    inner_options=("profile",),
)
SECRET = evolve(
    SMALL, id="local/process/secret", name="Secret", entry="secret", groups=("staff",), users=("ada",)
)


def ask(
    request: Any, *offers: o.Offer, remembered: Any = None, user: str = "bob", groups: Any = ()
) -> o.Choice:
    return o.choose(request, remembered, offers or (SMALL,), user, groups)


@pytest.mark.parametrize("nothing", [None, {}])
def test_nothing_asked_for_is_the_only_offer(nothing: Any) -> None:
    """With one offer, a user need not say anything and gets its defaults."""
    choice = ask(nothing)
    assert choice.selection.hardware == Hardware(2.0, 1.0, 0)
    assert choice.selection.lifetime == 60
    assert choice.selection.options == (
        ("branch", "main"),
        ("debug", False),
        ("image", "lab"),
        ("workers", 1),
    )


def test_nothing_asked_for_is_what_is_remembered() -> None:
    """The last request counts again while it is still allowed."""
    choice = ask({}, SMALL, FLAVORED, remembered={"offer": FLAVORED.id, "hardware": {"flavor": "huge"}})
    assert (choice.offer, choice.selection.hardware) == (FLAVORED, Hardware(cpu=64, gpu=8))


def test_what_is_remembered_but_no_longer_allowed_does_not_count() -> None:
    """A remembered request that would now be refused is as if there were none."""
    assert ask({}, SMALL, remembered={"offer": SECRET.id}).offer == SMALL
    with pytest.raises(o.OfferRequired) as refusal:
        ask({}, SMALL, FLAVORED, remembered={"offer": "gone"})
    assert refusal.value.allowed == (SMALL.id, FLAVORED.id)


def test_what_is_asked_for_is_never_mixed_with_what_is_remembered() -> None:
    """A request stands by itself."""
    assert ask({"offer": SMALL.id}, remembered={"lifetime": 5}).selection.lifetime == 60


@pytest.mark.parametrize("name", ["cloud/vm/flavored", "Cloud", "flavored"])
def test_an_offer_goes_by_id_name_or_entry(name: str) -> None:
    """Each of the three says the same while it fits only one."""
    assert ask({"offer": name}, SMALL, FLAVORED).offer == FLAVORED


def test_a_name_that_fits_two_offers_is_refused() -> None:
    """Nobody guesses which of two was meant."""
    with pytest.raises(o.AmbiguousOffer) as refusal:
        ask({"offer": "Small"}, SMALL, evolve(FLAVORED, name="Small"))
    assert refusal.value.fitting == (SMALL.id, FLAVORED.id)


def test_a_forbidden_offer_answers_exactly_like_an_unknown_one() -> None:
    """That an offer exists is not revealed to those who may not choose it."""
    answers = []
    for offers in ((SMALL, FLAVORED, SECRET), (SMALL, FLAVORED)):
        with pytest.raises(o.UnknownOffer) as refusal:
            ask({"offer": SECRET.id}, *offers)
        answers.append((refusal.value.code, refusal.value.message))
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    ("user", "groups", "sees"), [("bob", (), False), ("bob", ("staff",), True), ("ada", (), True)]
)
def test_users_and_groups_decide_who_sees_an_offer(user: str, groups: Any, sees: bool) -> None:
    """A named user sees it, and a member of a named group."""
    assert (SECRET in o.visible((SMALL, SECRET), user, groups)) == sees


def test_nobody_sees_an_offer_for_an_empty_list() -> None:
    """No names is not the same as no restriction."""
    with pytest.raises(o.NoOffer):
        ask({}, evolve(SMALL, users=()))


@pytest.mark.parametrize(
    ("request_", "refusal"),
    [
        ([], o.BadType),
        ("Small", o.BadType),
        ({"offer": None}, o.BadType),
        ({"offer": ["Small"]}, o.BadType),
        ({"offer": "x" * 10_000}, o.UnknownOffer),
        ({"ofer": "Small"}, o.UnknownKey),
        ({"hardware": None}, o.BadType),
        ({"hardware": {"cpus": 2}}, o.UnknownKey),
        ({"hardware": {"flavor": "tiny"}}, o.UnknownKey),
        ({"hardware": {"cpu": True}}, o.BadType),
        ({"hardware": {"cpu": "2"}}, o.BadType),
        ({"hardware": {"cpu": float("nan")}}, o.BadType),
        ({"hardware": {"cpu": float("inf")}}, o.BadType),
        ({"hardware": {"cpu": 4.01}}, o.HardwareOutOfRange),
        ({"hardware": {"cpu": 10**400}}, o.HardwareOutOfRange),
        ({"hardware": {"memory": -1}}, o.HardwareOutOfRange),
        ({"hardware": {"gpu": 1.5}}, o.BadType),
        ({"hardware": {"gpu": 3}}, o.HardwareOutOfRange),
        ({"hardware": {"gpu": 1, "gpu_kind": "h100"}}, o.HardwareOutOfRange),
        ({"hardware": {"gpu_kind": "a100"}}, o.HardwareOutOfRange),
        ({"hardware": {"gpu_kind": 1}}, o.BadType),
        ({"lifetime": 481}, o.LifetimeTooLong),
        ({"lifetime": 0}, o.BadType),
        ({"lifetime": True}, o.BadType),
        ({"lifetime": None}, o.BadType),
        ({"lifetime": 1.5}, o.BadType),
        ({"options": {"colour": "red"}}, o.UnknownOption),
        ({"options": []}, o.BadType),
        ({"options": {"image": "other"}}, o.BadOption),
        ({"options": {"image": "7"}}, o.BadOption),
        ({"options": {"workers": 9}}, o.BadOption),
        ({"options": {"workers": True}}, o.BadOption),
        ({"options": {"debug": 1}}, o.BadOption),
        ({"options": {"branch": "main\n"}}, o.BadOption),
        ({"options": {"branch": "a" * 11}}, o.BadOption),
    ],
)
def test_what_does_not_fit_is_refused(request_: Any, refusal: type[Refusal]) -> None:
    """Each mistake has a refusal of its own, never a default instead, and a short message."""
    with pytest.raises(refusal) as raised:
        ask(request_)
    assert type(raised.value) is refusal
    assert len(raised.value.message) < 500


def test_whole_floats_are_whole_numbers() -> None:
    """JSON doesn't tell 2.0 from 2, so neither do we."""
    choice = ask(
        {"hardware": {"cpu": 3, "gpu": 2.0}, "lifetime": 30.0, "options": {"workers": 2.0, "image": 7.0}}
    )
    assert choice.selection.hardware == Hardware(3.0, 1.0, 2, "a100")
    assert choice.selection.lifetime == 30
    assert dict(choice.selection.options)["workers"] == 2
    assert type(dict(choice.selection.options)["image"]) is int


@pytest.mark.parametrize("hardware", [{"flavor": "nope"}, {"flavor": 1}, {"cpu": 1}])
def test_flavors_are_chosen_by_name_only(hardware: Any) -> None:
    """An offer with flavors takes one of them and nothing else."""
    with pytest.raises(Refusal):
        ask({"hardware": hardware}, FLAVORED)


def test_a_lifetime_without_maximum_still_ends_before_time_does() -> None:
    """A deadline must be a date that exists."""
    with pytest.raises(o.LifetimeTooLong):
        ask({"lifetime": 10**30}, FLAVORED)


def test_an_option_without_default_must_be_given() -> None:
    """What is required is asked for, not invented."""
    with pytest.raises(o.OptionRequired):
        ask({}, evolve(SMALL, options=(o.BooleanOption(name="sure"),)))


def test_half_a_surrogate_pair_is_no_text() -> None:
    """What can't be written to any file is refused at the door."""
    with pytest.raises(o.BadOption):
        ask({"options": {"note": "\ud800"}}, evolve(SMALL, options=(o.TextOption(name="note", default=""),)))


def test_inner_keys_go_on_as_far_as_the_offer_says() -> None:
    """Without an offer named, the only one takes the keys of the inner spawner that it lets through."""
    assert ask({"profile": {"a": 1}}, FLAVORED).inner == {"profile": {"a": 1}}
    assert ask({"anything": 1}, evolve(FLAVORED, inner_options=True)).inner == {"anything": 1}
    with pytest.raises(o.UnknownKey):
        ask({"profiles": 1}, FLAVORED)


def test_codes_are_stable_and_each_its_own() -> None:
    """Programs tell refusals apart by code."""
    kinds = [kind for kind in vars(o).values() if isinstance(kind, type) and issubclass(kind, Refusal)]
    stable = """
        ambiguous_offer bad_option bad_type hardware_out_of_range lifetime_too_long no_offer offer_required
        option_required unknown_flavor unknown_key unknown_offer unknown_option
    """
    assert sorted(kind.code for kind in kinds) == stable.split()


@pytest.mark.parametrize(
    "make",
    [
        lambda: o.Range(2, 1, 1),
        lambda: o.Range(-1, 1, 0),
        lambda: o.Range(float("nan"), 1, 1),
        lambda: o.Lifetime(default=2, maximum=1),
        lambda: o.Lifetime(maximum=0),
        lambda: o.Flavors((o.Flavor("a", Hardware()),), default="b"),
        lambda: o.TextOption(name="x", max_length=10_000),
    ],
)
def test_an_offer_that_contradicts_itself_cannot_be_made(make: Callable[[], object]) -> None:
    """Bounds are checked where they are made."""
    with pytest.raises(ValueError, match=r".+"):
        make()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)
NEAR = st.dictionaries(
    st.sampled_from(["offer", "hardware", "lifetime", "options", "profile"]) | st.text(max_size=3),
    JSON
    | st.sampled_from([SMALL.id, "Small", FLAVORED.id])
    | st.dictionaries(
        st.sampled_from(["cpu", "memory", "gpu", "gpu_kind", "flavor", "image", "branch"]), JSON
    ),
    max_size=4,
)


@given(request_=JSON | NEAR, remembered=st.none() | JSON | NEAR, several=st.booleans())
def test_any_json_is_a_choice_or_a_refusal(request_: Any, remembered: Any, several: bool) -> None:
    """Whatever arrives by REST, nothing but a choice within the offers or a refusal comes out."""
    offers = (SMALL, FLAVORED, SECRET) if several else (SMALL,)
    choice: o.Choice | Refusal
    try:
        choice = ask(request_, *offers, remembered=remembered)
    except Refusal as refusal:
        choice = refusal
    if isinstance(choice, Refusal):
        assert len(choice.message) < 1000
        return
    assert choice.offer in (SMALL, FLAVORED)
    assert choice.selection.offer == choice.offer.id
    assert choice.selection.hardware.cpu is not None
    assert choice.selection.hardware.cpu <= 64
