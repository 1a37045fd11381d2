"""Offers of every shape, and requests to them: valid ones, near-valid ones and garbage."""

from typing import Any

from attrs import evolve
from hypothesis import strategies as st

from multiplespawner.domain import offers as o
from multiplespawner.domain.values import Hardware

PLAIN = o.Offer(
    id="local/Plain/machine",
    name="Plain",
    type="bare_metal",
    provider="local",
    template="Plain",
    entry="machine",
)
TEXT = st.text(st.characters(codec="utf-8"), max_size=6)
NAMES = (
    st.sampled_from(
        ["a", "b", "1", "a:b", "50%", "%3A", "cpu", "<b>&\"'", "\u202e\u05de\u05d9\u05d3\u05e2", "🧪"]
    )
    | TEXT
)
NAMES = NAMES.filter(lambda name: name.strip("/ ") == name != "" and "/" not in name)
WHOLE = st.integers(-3, 70) | st.integers()
PATTERNS = st.sampled_from(
    [o.TextOption(name="x").pattern, "[a-z-]*", "(?:a|b)+$", "^.?x{0,2}", r"[^\n/]{1,3}"]
)
UNLIKE = st.sampled_from([r"\d*", r"\w+|", "(?i)a?", r"(a)\1"])
"""Patterns that ECMAScript has no equal of."""


@st.composite
def ranges(draw: st.DrawFn, numbers: st.SearchStrategy[float]) -> o.Range:
    """Three numbers in order."""
    minimum, default, maximum = sorted(draw(st.tuples(numbers, numbers, numbers)))
    return o.Range(minimum, maximum, default)


AMOUNT = st.none() | ranges(st.integers(0, 64) | st.floats(0, 64))
KINDS = st.just(("a", "b")) | st.lists(NAMES, max_size=2, unique=True).map(tuple)
RANGES = st.builds(o.Ranges, AMOUNT, AMOUNT, ranges(st.integers(0, 2)) | st.none(), KINDS)
ALIKE = st.permutations(["1", 1, '"1"', "", "a\nb", "two"])
SIZE = st.builds(Hardware, cpu=st.none() | st.integers(1, 9), gpu=st.none() | st.integers(0, 2))
FLAVORS = st.lists(
    st.builds(o.Flavor, NAMES, SIZE, TEXT), min_size=1, max_size=3, unique_by=lambda flavor: flavor.name
).map(lambda each: o.Flavors(tuple(each)))


@st.composite
def options(draw: st.DrawFn, name: str, patterns: st.SearchStrategy[str]) -> o.Option:
    """One of any type, with a default that fits, or none."""
    said: dict[str, Any] = {"name": name, "title": draw(TEXT), "description": draw(TEXT)}
    kinds = [o.ChoiceOption, o.ChoiceOption, o.TextOption, o.IntegerOption, o.BooleanOption]
    kind = draw(st.sampled_from(kinds))
    if kind is o.ChoiceOption:
        said["choices"] = tuple(
            draw(ALIKE | st.lists(NAMES | TEXT | st.integers(0, 2), min_size=1, max_size=5))
        )
    elif kind is o.IntegerOption:
        said["minimum"], said["maximum"] = sorted(draw(st.tuples(WHOLE, WHOLE)))
    elif kind is o.TextOption:
        said |= {"pattern": draw(patterns), "max_length": draw(st.integers(1, 6))}
    option: o.Option = kind(**said)
    return evolve(option, default=draw(st.none() | values(option)))


def values(option: o.Option) -> st.SearchStrategy[Any]:
    """What an option takes."""
    match option:
        case o.ChoiceOption():
            return st.sampled_from(option.choices)
        case o.IntegerOption():
            return st.integers(option.minimum, option.maximum)
        case o.TextOption():
            return st.from_regex(option.pattern, fullmatch=True).filter(lambda each: _takes(option, each))
    return st.booleans()


def _takes(option: o.Option, value: Any) -> bool:
    try:
        option.accept(value)
    except o.BadOption:
        return False
    return True


@st.composite
def offers(draw: st.DrawFn, patterns: st.SearchStrategy[str] = PATTERNS) -> o.Offer:
    """One with anything that can be chosen."""
    name = draw(NAMES)
    default, maximum = draw(st.sampled_from([(None, None), (30, None), (None, 90), (30, 90)]))
    return evolve(
        PLAIN,
        id=f"local/{name}/machine",
        entry=draw(st.sampled_from(["machine", "other", name])),
        name=draw(st.sampled_from(["Plain", "machine", "local/a/machine"]) | NAMES),
        description=draw(TEXT),
        hardware=draw(RANGES | FLAVORS),
        lifetime=o.Lifetime(default, maximum),
        options=tuple(
            draw(options(each, patterns)) for each in draw(st.lists(NAMES, max_size=3, unique=True))
        ),
        inner_options=draw(st.booleans() | st.just(("inner", "lifetime", "a:b"))),
    )


def several(patterns: st.SearchStrategy[str] = PATTERNS) -> st.SearchStrategy[list[o.Offer]]:
    """One to three, each with an id of its own."""
    return st.lists(offers(patterns), min_size=1, max_size=3, unique_by=lambda offer: offer.id)


JSON = st.recursive(
    st.none() | st.booleans() | WHOLE | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)


@st.composite
def requests(draw: st.DrawFn, known: list[o.Offer]) -> dict[str, Any]:
    """One that is accepted, saying much or little."""
    offer = draw(st.sampled_from(known))
    parts = {"hardware": _hardware(draw, offer), "options": _options(draw, offer)}
    maximum = offer.lifetime.maximum or o.offer.LONGEST
    if draw(st.booleans()):
        parts["lifetime"] = draw(st.integers(1, maximum))
    # an object that says nothing may be left out
    said = {key: part for key, part in parts.items() if part != {} or draw(st.booleans())}
    return said if len(known) == 1 and draw(st.booleans()) else {"offer": offer.id, **said}


def _hardware(draw: st.DrawFn, offer: o.Offer) -> Any:
    allowed = offer.hardware
    if isinstance(allowed, o.Flavors):
        return draw(st.fixed_dictionaries({}, optional={"flavor": st.sampled_from(allowed.names)}))
    amounts = {name: getattr(allowed, name) for name in ("cpu", "memory", "gpu")}
    found = draw(
        st.fixed_dictionaries(
            {},
            optional={
                name: st.integers(int(each.minimum), int(each.maximum))
                if name == "gpu"
                else st.floats(each.minimum, each.maximum)
                for name, each in amounts.items()
                if each is not None
            },
        )
    )
    gpus = found.get("gpu", None if allowed.gpu is None else int(allowed.gpu.default))
    if allowed.gpu_kinds and gpus != 0 and draw(st.booleans()):
        found["gpu_kind"] = draw(st.sampled_from(allowed.gpu_kinds))
    return found


def _options(draw: st.DrawFn, offer: o.Offer) -> Any:
    asked = {each.name: values(each) for each in offer.options}
    needed = {each.name for each in offer.options if each.default is None}
    return draw(
        st.fixed_dictionaries(
            {name: asked[name] for name in needed},
            optional={name: each for name, each in asked.items() if name not in needed},
        )
    )


@st.composite
def bodies(draw: st.DrawFn, known: list[o.Offer]) -> Any:
    """Anything that may arrive: accepted requests, those with a thing or two spoiled, and garbage."""
    if draw(st.integers(0, 9)) == 0:
        return draw(JSON)
    body = draw(requests(known))
    for _ in range(draw(st.integers(0, 2))):
        _spoil(draw, body, known)
    return body


NEAR = st.sampled_from(
    ["a", "b", True, 0, 1, -1, 0.5, 2.0, -0.0, 65, 91, 1e300, 10**30, "", "1", "x\n", {}, []]
)


def _spoil(draw: st.DrawFn, body: dict[str, Any], known: list[o.Offer]) -> None:
    part = draw(st.sampled_from(["", "hardware", "hardware", "options"]))
    inner = body.setdefault(part, {}) if part else body
    if not isinstance(inner, dict):
        return
    usual = {
        "": ["offer", "hardware", "lifetime", "options", "inner", "a:b"],
        "hardware": ["cpu", "memory", "gpu", "gpu_kind", "gpu_kind", "flavor"],
        "options": [option.name for offer in known for option in offer.options],
    }[part]
    key = draw(st.sampled_from([*inner, *usual, "x"]))
    if draw(st.integers(0, 3)) == 0:
        inner.pop(key, None)
    else:
        names = [name for offer in known for name in (offer.id, offer.name, offer.entry)]
        inner[key] = draw(NEAR | JSON | st.sampled_from(names))
