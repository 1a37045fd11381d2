"""What the fields of a form or a link mean."""

from typing import Any

import pytest
from attrs import evolve

from multiplespawner.adapters.inbound.hub.fields import Field, fields_of, read_fields
from multiplespawner.domain import offers as o
from multiplespawner.domain.values import Hardware

OFFER = o.Offer(
    id="local/A:B/small",
    name="Small",
    type="bare_metal",
    provider="local",
    template="A:B",
    entry="small",
    hardware=o.Ranges(cpu=o.Range(0, 99, 1), gpu_kinds=("7", "8")),
    options=(
        o.BooleanOption(name="fast", default=True),
        o.ChoiceOption(name="image", choices=("lab", 7, ""), default="lab"),
        o.IntegerOption(name="workers", minimum=1, maximum=9, default=1),
        o.TextOption(name="branch", default="main"),
    ),
)
OTHER = evolve(OFFER, id="local/Other/small", name="Other", template="Other")


def read(fields: dict[str, Any], *offers: o.Offer) -> dict[str, Any]:
    """Read fields as a form or a link sends them: each with a list of values."""
    sent = {key: value if isinstance(value, list) else [value] for key, value in fields.items()}
    return read_fields(sent, offers or (OFFER,))


@pytest.mark.parametrize(
    ("field", "text", "request_"),
    [
        ("hardware.cpu", "2", {"hardware": {"cpu": 2}}),
        ("hardware.cpu", "0.5", {"hardware": {"cpu": 0.5}}),
        ("hardware.cpu", "1e1", {"hardware": {"cpu": 10.0}}),
        ("hardware.cpu", "many", {"hardware": {"cpu": "many"}}),
        ("hardware.cpu", "", {}),
        ("hardware.gpu_kind", "7", {"hardware": {"gpu_kind": "7"}}),
        ("hardware.flavor", "2", {"hardware": {"flavor": "2"}}),
        ("hardware", "2", {"hardware": "2"}),
        ("lifetime", "30", {"lifetime": 30}),
        ("options.workers", "3", {"options": {"workers": 3}}),
        ("options.branch", "3", {"options": {"branch": "3"}}),
        ("options.image", "7", {"options": {"image": 7}}),
        ("options.image", "", {"options": {"image": ""}}),
        ("options.fast", "false", {"options": {"fast": False}}),
        ("options.fast", ["false", "on"], {"options": {"fast": True}}),
        ("options.unknown", "x", {"options": {"unknown": "x"}}),
    ],
)
@pytest.mark.parametrize("behind", ["", f":{OFFER.id}"])
def test_a_field_means_what_its_name_says(field: str, text: Any, request_: Any, behind: str) -> None:
    """Numbers become numbers where numbers are wanted; what can't be read stays, to be refused with words."""
    assert read({"offer": OFFER.id, f"{field}{behind}": text}) == {"offer": OFFER.id, **request_}


def test_only_fields_of_the_chosen_offer_count() -> None:
    """A form sends those of all offers."""
    fields = {"offer": OTHER.id, f"lifetime:{OFFER.id}": "1", f"lifetime:{OTHER.id}": "2"}
    assert read(fields, OFFER, OTHER) == {"offer": OTHER.id, "lifetime": 2}


def test_an_id_counts_before_a_name() -> None:
    """An offer that is shown under the id of another one does not take its fields."""
    liar = evolve(OTHER, name=OFFER.id)
    fields = {"offer": OFFER.id, f"lifetime:{OFFER.id}": "1"}
    assert read(fields, liar, OFFER) == {"offer": OFFER.id, "lifetime": 1}


def test_the_only_offer_need_not_be_named() -> None:
    """Its options are still read as their types."""
    assert read({"options.workers": "3"}) == {"options": {"workers": 3}}


def test_other_keys_stay_as_they_are() -> None:
    """They are the inner spawner's own, with all their values, or refused later."""
    assert read({"profile": ["a", "b"]}) == {"profile": ["a", "b"]}


BOTH = evolve(OFFER, options=(o.ChoiceOption(name="n", choices=("1", 1, "", '"1"', "two"), default=1),))


def test_choices_that_look_alike_are_sent_as_json() -> None:
    """Text and number are told apart, for the program and for the eye; a link may still say the plain one."""
    (field,) = (field for field in fields_of(BOTH) if field.name == "options.n")
    assert field.choices == (
        ('"1"', '"1"'),
        ("1", "1"),
        ('""', '""'),
        ('"\\"1\\""', '"\\"1\\""'),
        ('"two"', "two"),
    )
    assert field.default == "1"
    values = [read({"options.n": text}, BOTH)["options"]["n"] for text, _ in field.choices]
    assert values == ["1", 1, "", '"1"', "two"]
    assert [type(value) for value in values] == [str, int, str, str, str]
    assert read({"options.n": "two"}, BOTH) == {"options": {"n": "two"}}


def test_an_empty_text_is_the_empty_text_where_the_option_takes_it() -> None:
    """Elsewhere an empty field says nothing."""
    sent = {"options.branch": "", "options.workers": "", "lifetime": ""}
    assert read(sent) == {"options": {"branch": ""}}
    wanted = evolve(OFFER, options=(o.TextOption(name="branch", pattern="[a-z]+", default="main"),))
    assert read(sent, wanted) == {}


def test_names_with_colons_pass_the_form() -> None:
    """Of options and of keys that go on to the inner spawner."""
    option = o.IntegerOption(name="a:b%", minimum=0, maximum=9)
    offer = evolve(OFFER, options=(option,), inner_options=True)
    key = next(field.key for field in fields_of(offer) if field.name == "options.a:b%")
    for sent in ({key: "3"}, {"options.a:b%": "3"}):
        assert read({"offer": offer.id, **sent, "x:y": ["z"]}, offer, OTHER) == {
            "offer": offer.id,
            "options": {"a:b%": 3},
            "x:y": ["z"],
        }


def test_fields_of_an_offer_that_is_no_more_do_not_count() -> None:
    """A form may be older than the configuration."""
    assert read({"offer": OFFER.id, "lifetime:local/Gone/small": "1"}) == {"offer": OFFER.id}


@pytest.mark.parametrize("name", ["<b>&\"'</b>", "\u202e\u05de\u05d9", "👩\u200d🔬 №5", "a:b", "{{ 7*7 }}"])
def test_strange_names_are_data(name: str) -> None:
    """Whatever an offer, a flavor or a choice is called, its field holds it as it is."""
    offer = evolve(
        OFFER,
        id=f"local/{name}/small",
        hardware=o.Flavors((o.Flavor(name, Hardware(cpu=1), name),)),
        options=(o.ChoiceOption(name="x", choices=(name,), title=name, description=name),),
    )
    flavor, _, option = fields_of(offer)
    assert (option.label, option.help, option.choices) == (name, name, ((name, name),))
    assert flavor.choices == ((name, f"{name}: {name} (1 CPU)"),)
    sent = {"offer": offer.id, flavor.key: name, option.key: name}
    assert read(sent, offer, OTHER) == {
        "offer": offer.id,
        "hardware": {"flavor": name},
        "options": {"x": name},
    }


def test_the_form_of_500_offers_is_read() -> None:
    """A browser sends the fields of all."""
    offers = [evolve(OFFER, id=f"local/T/{n}", entry=str(n)) for n in range(500)]
    sent = {field.key: [field.default or ""] for offer in offers for field in fields_of(offer)}
    assert len(sent) == 500 * 7
    chosen = offers[499]
    choice = o.choose(read({"offer": chosen.id, **sent}, *offers), None, offers, "ada", ())
    assert choice.selection == o.choose({"offer": chosen.id}, None, offers, "ada", ()).selection


def test_a_field_shows_what_can_be_chosen() -> None:
    """With its unit, its bounds and its default, as they are sent."""
    offer = evolve(
        OFFER, hardware=o.Ranges(memory=o.Range(0.5, 4, 2)), lifetime=o.Lifetime(30, 60), options=()
    )
    memory, lifetime = fields_of(offer)
    assert memory == Field(
        name="hardware.memory",
        key=f"hardware.memory:{OFFER.id}",
        kind="number",
        label="Memory",
        unit="GiB",
        minimum=0.5,
        maximum=4,
        default="2",
    )
    assert (lifetime.label, lifetime.unit, lifetime.kind, lifetime.default) == (
        "Lifetime",
        "minutes",
        "integer",
        "30",
    )
