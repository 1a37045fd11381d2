"""Which machine of a pool a resource is put on: one that has room, is in order, and is used least."""

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from multiplespawner.domain.allowance import (
    Allowance,
    AllowanceReserved,
    Member,
    NoMachineFits,
    NoMachineUsable,
    PoolFull,
    Reserve,
    Return,
    decide,
    fitting,
    fold,
    member_of,
    place,
    stream_of,
)
from multiplespawner.domain.amounts import amounts
from multiplespawner.domain.refusals import Refusal
from multiplespawner.domain.values import Amount, Hardware
from worlds import NOW

SESSION = amounts(Hardware())
KINDS = st.sampled_from([None, "a100", "v100"])
LABELS = st.sets(st.sampled_from([("room", "1"), ("room", "2"), ("disk", "fast")])).map(tuple)
TENTHS = st.integers(1, 40).map(lambda tenths: tenths / 10)
HARDWARE = st.builds(
    Hardware,
    cpu=st.none() | TENTHS,
    memory=st.none() | TENTHS,
    gpu=st.none() | st.integers(0, 3),
    gpu_kind=KINDS,
)


@st.composite
def machines(draw: st.DrawFn) -> tuple[Member, ...]:
    """One to four machines, each of some size; what isn't limited can be had without limit, but for GPUs."""
    names = ["a", "b", "c", "d"][: draw(st.integers(1, 4))]
    sizes = {"sessions": st.integers(0, 4), "cpu": TENTHS, "memory": TENTHS, "gpu": st.integers(0, 4)}
    limits = st.fixed_dictionaries({}, optional=sizes).map(
        lambda drawn: tuple(Amount(of, quantity) for of, quantity in drawn.items())
    )
    return tuple(Member(name, draw(limits), draw(KINDS), draw(LABELS)) for name in names)


def machine(name: str = "a", gpu_kind: str | None = None, **limits: float) -> Member:
    """One of this size."""
    return Member(name, tuple(Amount(of, quantity) for of, quantity in limits.items()), gpu_kind)


def used(*hardware: Hardware) -> Allowance:
    """What is taken by resources with this hardware."""
    facts = [AllowanceReserved(f"r{n}", amounts(each), NOW) for n, each in enumerate(hardware)]
    return fold(Allowance(), facts)


def exceeded(member: Member, allowance: Allowance) -> list[str]:
    """Of what more is taken than the machine has."""
    return [limit.of for limit in member.limits if allowance.used(limit.of) > limit.quantity + 1e-6]


def outcome_of(
    able: Sequence[Member], hardware: Hardware, taken: Mapping[str, Allowance], out_of_order: set[str]
) -> Member | Refusal:
    """The machine, or the refusal."""
    try:
        return place(able, amounts(hardware), taken, out_of_order)
    except Refusal as refusal:
        return refusal


@given(machines(), st.lists(HARDWARE | st.integers(0, 20), max_size=30), st.sets(st.sampled_from("abcd")))
def test_no_machine_is_ever_given_out_beyond_its_limits(
    members: Sequence[Member], asked: Sequence[Hardware | int], out_of_order: set[str]
) -> None:
    """Whatever is reserved and returned: what place chooses, the allowance never refuses."""
    taken = {member.name: Allowance() for member in members}
    held: list[tuple[str, str]] = []
    for number, each in enumerate(asked):
        if isinstance(each, int):
            if held:
                name, resource = held.pop(each % len(held))
                taken[name] = fold(taken[name], decide(Return(resource), taken[name]))
            continue
        wanted = amounts(each)
        try:
            able = fitting(members, each, wanted, ())
            chosen = place(able, wanted, taken, out_of_order)
        except (NoMachineFits, NoMachineUsable, PoolFull):
            continue
        facts = decide(Reserve(f"r{number}", wanted, chosen.limits, NOW), taken[chosen.name])
        taken[chosen.name] = fold(taken[chosen.name], facts)
        held.append((chosen.name, f"r{number}"))

        assert chosen.name not in out_of_order
        assert not each.gpu or each.gpu_kind in (None, chosen.gpu_kind)
        assert all(exceeded(member, taken[member.name]) == [] for member in members)


@given(machines(), HARDWARE, st.sets(st.sampled_from("abcd")), st.lists(HARDWARE, max_size=4))
def test_a_refusal_says_what_is_so(
    members: Sequence[Member], hardware: Hardware, out_of_order: set[str], before: Sequence[Hardware]
) -> None:
    """Nothing fits, all that fits is out of order, or what is in order is full: never one for another."""
    wanted = amounts(hardware)
    taken = {member.name: used(*before) for member in members}
    try:
        able = fitting(members, hardware, wanted, ())
    except NoMachineFits:
        limits = [{limit.of: limit.quantity for limit in member.limits} for member in members]
        right = [not hardware.gpu or hardware.gpu_kind in (None, member.gpu_kind) for member in members]
        rooms = [
            all(a.quantity <= has.get(a.of, 0 if a.of == "gpu" else a.quantity) for a in wanted)
            for has in limits
        ]
        assert not any(kind and room for kind, room in zip(right, rooms, strict=True))
        return
    in_order = [member for member in able if member.name not in out_of_order]
    asked = {amount.of for amount in wanted}
    full = [member for member in in_order if asked & set(exceeded(member, used(*before, hardware)))]
    outcome = outcome_of(able, hardware, taken, out_of_order)

    if isinstance(outcome, Member):
        assert outcome in in_order
        assert outcome not in full
    else:
        assert full == in_order
        assert type(outcome) is (PoolFull if in_order else NoMachineUsable)


@given(machines(), HARDWARE, LABELS)
def test_a_machine_has_all_labels_that_are_asked_for(
    members: Sequence[Member], hardware: Hardware, labels: tuple[tuple[str, str], ...]
) -> None:
    """And is in the order of the settings."""
    wanted = amounts(hardware)
    try:
        found = fitting(members, hardware, wanted, labels)
    except NoMachineFits:
        assume(False)
        raise
    assert all(set(labels) <= set(member.labels) for member in found)
    assert found == tuple(member for member in members if member in found)
    assert set(found) <= set(fitting(members, hardware, wanted, ()))


@pytest.mark.parametrize(
    ("hardware", "fits"),
    [
        (Hardware(gpu=2, gpu_kind="a100"), True),
        (Hardware(gpu=2), True),
        (Hardware(gpu=2, gpu_kind="v100"), False),
        (Hardware(gpu=3, gpu_kind="a100"), False),
        (Hardware(gpu=0, gpu_kind="v100"), True),
        (Hardware(gpu_kind="v100"), True),
    ],
)
def test_a_kind_of_gpu_matters_only_with_gpus(hardware: Hardware, fits: bool) -> None:
    """Where none is asked for, any machine does."""
    member = machine(gpu_kind="a100", gpu=2)
    if fits:
        assert fitting([member], hardware, amounts(hardware), ()) == (member,)
    else:
        with pytest.raises(NoMachineFits):
            fitting([member], hardware, amounts(hardware), ())


def test_a_machine_whose_gpus_nobody_told_of_has_none() -> None:
    """Anything else that is not limited can be had."""
    with pytest.raises(NoMachineFits):
        fitting([machine(sessions=1)], Hardware(gpu=1), amounts(Hardware(gpu=1)), ())
    large = Hardware(cpu=999, memory=999)
    assert fitting([machine(sessions=1)], large, amounts(large), ()) == (machine(sessions=1),)


def test_a_kind_that_nobody_told_of_is_not_the_one_asked_for() -> None:
    """It may be any."""
    hardware = Hardware(gpu=1, gpu_kind="a100")
    with pytest.raises(NoMachineFits):
        fitting([machine(gpu=1)], hardware, amounts(hardware), ())


def test_the_least_used_for_its_size_comes_first() -> None:
    """Two of eight are less than one of two; the first of equals."""
    large, small = machine("large", sessions=8), machine("small", sessions=2)
    taken = {"large": used(Hardware(), Hardware()), "small": used(Hardware())}

    assert place([small, large], SESSION, taken, ()) is large
    assert place([small, large], SESSION, {}, ()) is small


def test_what_is_used_most_of_a_machine_counts() -> None:
    """A machine without memory is full, however many sessions it could have."""
    tight, roomy = machine("tight", sessions=9, memory=4), machine("roomy", sessions=3, memory=64)
    taken = {"tight": used(Hardware(memory=3)), "roomy": used(Hardware(memory=1))}

    assert place([tight, roomy], SESSION, taken, ()) is roomy


def test_what_is_out_of_order_is_passed_over() -> None:
    """Though it were empty; full is what all that are left are."""
    first, second = machine("a", sessions=1), machine("b", sessions=1)

    assert place([first, second], SESSION, {}, {"a"}) is second
    with pytest.raises(PoolFull) as full:
        place([first, second], SESSION, {"b": used(Hardware())}, {"a"})
    assert (full.value.wanted, full.value.free) == (Amount("sessions", 1), 0)


def test_a_doubtful_one_comes_last() -> None:
    """Whatever is used of the others; where it is all that is left, it is tried."""
    first, second = machine("a", sessions=9), machine("b", sessions=2)
    one = {"b": used(Hardware())}

    assert place([first, second], SESSION, one, (), {"a"}) is second
    assert place([first, second], SESSION, one, {"b"}, {"a"}) is first
    assert place([first, second], SESSION, {"b": used(Hardware(), Hardware())}, (), {"a"}) is first


def test_a_full_pool_tells_of_the_machine_that_lacks_least() -> None:
    """That is what may be free soonest."""
    wanted = amounts(Hardware(memory=4))
    taken = {"a": used(Hardware(memory=8)), "b": used(Hardware(memory=5))}
    with pytest.raises(PoolFull) as full:
        place([machine("a", memory=8), machine("b", memory=8)], wanted, taken, ())

    assert (full.value.wanted, full.value.free) == (Amount("memory", 4), 3)


def test_a_machine_has_a_stream_of_its_own() -> None:
    """By which the machine of a resource is known again; another pool's is not taken for it."""
    streams = ("quota:ann", stream_of("hosts2", "x"), stream_of("hosts", "gpu.1"))

    assert member_of("hosts", streams) == "gpu.1"
    assert member_of("host", streams) is None
    assert member_of("hosts", ("pool:hosts",)) is None
