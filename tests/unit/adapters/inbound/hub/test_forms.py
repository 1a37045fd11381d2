"""The form: shows every offer as text, and whatever it lets one choose is accepted."""

import json
from typing import Any

import pytest
from attrs import evolve
from bs4 import BeautifulSoup, Tag
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jupyterhub.spawner import SpawnException

from multiplespawner.domain import offers as o
from multiplespawner.domain.values import Hardware
from offer_pages import PLAIN, one

STRANGE = (
    "<script>alert(1)</script>",
    "\"'><img src=x onerror=alert(1)>",
    "{{ 7*7 }}{% raw %}",
    "&lt;b&gt;",
    "\u202e\u05de\u05d9\u05de\u05d9\u05df\u202c \u0639\u0631\u0628\u064a",
    "👩‍🔬🧪 Größe №5",
    "</template></fieldset></form>",
    "x" * 100,
)
"""What an administrator, or somebody whose files are taken over, may call things."""


def strange(text: str) -> o.Offer:
    """Return an offer in which everything that is shown is this text."""
    option = {"title": text, "description": text}
    choices = (text, "other")
    return evolve(
        PLAIN,
        id=f"local/{text.replace('/', '|')}/machine",
        name=text,
        description=text,
        hardware=o.Flavors((o.Flavor(text, Hardware(cpu=1), text), o.Flavor("other", Hardware(cpu=2)))),
        options=(
            o.ChoiceOption(name="choice", choices=choices, default=text, **option),
            o.TextOption(name="text", pattern=".*", default=text, **option),
            o.BooleanOption(name="boolean", default=True, **option),
        ),
    )


@pytest.mark.parametrize("text", STRANGE)
async def test_strange_names_stay_text(form: Any, text: str) -> None:
    """The page has the same elements as with a harmless name, and shows the name as it is."""
    page, harmless = [
        BeautifulSoup(await form(strange(name), PLAIN).page(), "html.parser") for name in (text, "harmless")
    ]
    assert [tag.name for tag in page.find_all()] == [tag.name for tag in harmless.find_all()]
    assert [set(tag.attrs) for tag in page.find_all()] == [set(tag.attrs) for tag in harmless.find_all()]
    offer = strange(text)
    radio = one(page, "input", {"name": "offer", "value": offer.id})
    label = one(page, "label", {"for": radio["id"]})
    assert one(label, "bdi").text == text
    assert text in one(page, id=radio["aria-describedby"]).text
    assert page.find("option", {"value": text}) is not None


@pytest.mark.parametrize("text", STRANGE)
async def test_strange_names_can_be_chosen(form: Any, text: str) -> None:
    """The form as it is means the offer with its defaults."""
    offer, made = strange(text), form(strange(text), PLAIN)
    request = await made.read(filled(await made.page(), offer, {}))
    assert (
        o.choose(request, None, (offer, PLAIN), "ada", ()).selection
        == o.choose({"offer": offer.id}, None, (offer, PLAIN), "ada", ()).selection
    )


async def test_what_is_refused_has_its_code_and_words(form: Any) -> None:
    """As by REST: status 400 and the same reason."""
    made = form(PLAIN, evolve(PLAIN, id="local/T/other", entry="other"))
    with pytest.raises(SpawnException) as caught:
        await made.read({"offer": ["nowhere"]})
    assert (caught.value.status_code, caught.value.reason) == (400, "unknown_offer")


NAMES = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="/"), max_size=9
)
INTEGERS = st.integers(0, 64)


@st.composite
def ranges(draw: Any) -> o.Range:
    """Draw three numbers in order."""
    numbers = sorted(draw(st.lists(INTEGERS | st.floats(0, 64), min_size=3, max_size=3)))
    return o.Range(numbers[0], numbers[2], numbers[1])


@st.composite
def hardware(draw: Any) -> o.Ranges | o.Flavors:
    """Draw what may be chosen of hardware."""
    if draw(st.booleans()):
        names = draw(st.lists(NAMES.filter(bool), min_size=1, max_size=3, unique=True))
        return o.Flavors(tuple(o.Flavor(name, Hardware(cpu=n)) for n, name in enumerate(names)))
    low, default, high = sorted(draw(st.tuples(*3 * [st.integers(1, 8)])))
    gpu = draw(st.none() | st.just(o.Range(low, high, default)))
    kinds = tuple(draw(st.lists(NAMES.filter(bool), max_size=2, unique=True))) if gpu else ()
    return o.Ranges(draw(st.none() | ranges()), draw(st.none() | ranges()), gpu, kinds)


@st.composite
def offers(draw: Any) -> o.Offer:
    """Draw one with anything that can be chosen."""
    choices = tuple(draw(st.lists(NAMES | INTEGERS, min_size=1, max_size=4, unique_by=str)))
    name, maximum = draw(NAMES), draw(st.none() | st.integers(1, 999))
    return evolve(
        PLAIN,
        id=f"local/{name}/machine",
        name=draw(NAMES),
        hardware=draw(hardware()),
        lifetime=o.Lifetime(None, maximum),
        options=(
            o.ChoiceOption(name="choice", choices=choices, default=draw(st.sampled_from(choices))),
            o.IntegerOption(name="integer", minimum=-5, maximum=5, default=0),
            o.BooleanOption(name="boolean", default=draw(st.booleans())),
            o.TextOption(name="text", default="", max_length=20),
        ),
    )


@given(data=st.data(), made=st.lists(offers(), min_size=1, max_size=3, unique_by=lambda each: each.id))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_whatever_the_form_lets_one_choose_is_accepted(
    form: Any, data: Any, made: list[o.Offer]
) -> None:
    """Every filling within what the controls show becomes the selection that it shows."""
    offer = data.draw(st.sampled_from(made))
    filling = {name: data.draw(values) for name, values in controls(offer).items()}
    the_form = form(*made)
    request = await the_form.read(filled(await the_form.page(), offer, filling))
    choice = o.choose(request, None, made, "ada", ())
    assert choice.offer == offer
    for name, value in filling.items():
        if value is not None and (name, value) != ("options.text", ""):
            assert shown_in(choice, offer, name) == value


def controls(offer: o.Offer) -> dict[str, st.SearchStrategy[Any]]:
    """What may be put into each control of an offer; None leaves it as it is."""
    kinds = offer.hardware
    found: dict[str, st.SearchStrategy[Any]] = {
        "lifetime": st.none() | st.integers(1, offer.lifetime.maximum or 10_000),
        "options.choice": st.sampled_from(offer.options[0].choices),  # type: ignore[attr-defined]
        "options.integer": st.none() | st.integers(-5, 5),
        "options.boolean": st.booleans(),
        "options.text": NAMES,
    }
    if isinstance(kinds, o.Flavors):
        return {**found, "hardware.flavor": st.sampled_from(kinds.names)}
    for name in ("cpu", "memory"):
        if (allowed := getattr(kinds, name)) is not None:
            found[f"hardware.{name}"] = st.none() | st.floats(allowed.minimum, allowed.maximum)
    if kinds.gpu is not None:
        found["hardware.gpu"] = st.none() | st.integers(int(kinds.gpu.minimum), int(kinds.gpu.maximum))
    if kinds.gpu_kinds:
        found["hardware.gpu_kind"] = st.none() | st.sampled_from(kinds.gpu_kinds)
    return found


def filled(page: str, offer: o.Offer, filling: dict[str, Any]) -> dict[str, list[str]]:
    """Return what a browser sends: every control of every offer, those of one filled in."""
    sent: dict[str, list[str]] = {"offer": [offer.id]}
    for tag in BeautifulSoup(page, "html.parser").find_all(["input", "select"], attrs={"name": True}):
        name = str(tag["name"])
        wanted = filling.get(name.removesuffix(f":{offer.id}")) if name.endswith(f":{offer.id}") else None
        if name != "offer" and (value := _value(tag, wanted)) is not None:
            sent.setdefault(name, []).append(value)
    return sent


def _value(tag: Tag, wanted: Any) -> str | None:
    if tag.get("type") == "checkbox":
        return "on" if (tag.has_attr("checked") if wanted is None else wanted) else None
    if tag.get("type") == "hidden":
        return str(tag["value"])
    if tag.name == "select":
        values = [str(option["value"]) for option in tag.find_all("option")]
        chosen = tag.find("option", selected=True)
        if wanted is None:
            return str(chosen["value"]) if isinstance(chosen, Tag) else values[0]
        # as JSON where the text alone would say nothing, or something else
        return next(
            value for value in values if value in (str(wanted), json.dumps(wanted, ensure_ascii=False))
        )
    return str(tag.get("value", "")) if wanted is None else str(wanted)


def shown_in(choice: o.Choice, offer: o.Offer, name: str) -> Any:
    """Return what a selection has for a control."""
    kind, _, part = name.partition(".")
    selection = choice.selection
    if kind == "options":
        return dict(selection.options)[part]
    if part == "flavor" and isinstance(offer.hardware, o.Flavors):
        return next(each.name for each in offer.hardware.flavors if each.hardware == selection.hardware)
    return getattr(selection.hardware, part) if kind == "hardware" else selection.lifetime
