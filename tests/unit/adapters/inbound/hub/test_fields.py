"""What the fields of a form or a link mean."""

from typing import Any

import pytest
from attrs import evolve

from multiplespawner.adapters.inbound.hub.fields import read_fields
from multiplespawner.domain import offers as o

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
