"""Given the attrs class of a provider's settings, when settings are compared, then each flaw has its name."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from attrs import define, field
from attrs.validators import in_

from multiplespawner.adapters.outbound.config.provider_settings import (
    flaws,
    known_settings,
    structured,
    undeclared,
)


@define
class Settings:
    """What can be set."""

    region: str
    size: int = 1
    share: float = 0.5
    spot: bool = False
    zone: str | None = None
    tags: dict[str, str] = field(factory=dict)
    kind: str = field(default="a", validator=in_(["a", "b"]))
    _hidden: int = 0
    made: int = field(default=0, init=False)


@define
class Machine:
    """One of several."""

    name: str
    port: int | None = None
    labels: Mapping[str, str] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        if self.port == 0:
            raise ValueError("port: not 0")


@define
class Pool:
    """Has others within."""

    machines: tuple[Machine, ...]
    first: Machine | None = None


@define
class Foreign:
    """Has what JSON can't say."""

    call: Callable[[], int]


def test_the_names_are_those_of_the_constructor() -> None:
    """As somebody would write them."""
    assert known_settings(Settings) == (
        *("region", "size", "share", "spot", "zone", "tags", "kind"),
        "hidden",
    )


def test_text_becomes_what_the_field_wants() -> None:
    """Files in use say "22" and "True"."""
    said = {"region": "x", "size": "22", "share": "1.5", "spot": "True", "tags": {"a": "b"}, "hidden": 2.0}
    made = Settings(region="x", size=22, share=1.5, spot=True, tags={"a": "b"}, hidden=2)
    assert structured(said, Settings) == made
    assert flaws(said, Settings) == ()
    assert flaws({"region": {"secret": "env:A"}}, Settings) == ()


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ({"region": 1}, "region"),
        ({"region": "x", "size": "many"}, "size"),
        ({"region": "x", "size": True}, "size"),
        ({"region": "x", "size": 1.5}, "size"),
        ({"region": "x", "share": None}, "share"),
        ({"region": "x", "spot": "perhaps"}, "spot"),
        ({"region": "x", "tags": []}, "tags"),
        ({"region": "x", "kind": "c"}, None),
        ({}, None),
    ],
)
def test_a_flaw_has_the_settings_name_where_there_is_one(said: dict[str, Any], name: str | None) -> None:
    """One that is missing or fails a validator is told for all together."""
    assert [flaw[0] for flaw in flaws(said, Settings)] == [name]


def test_a_class_within_a_class_is_filled_likewise() -> None:
    """Also in lists."""
    said = {"machines": [{"name": "a", "port": "22", "labels": {"b": "c"}}], "first": {"name": "d"}}
    assert structured(said, Pool) == Pool((Machine("a", 22, {"b": "c"}),), Machine("d"))
    assert flaws(said, Pool) == ()


@pytest.mark.parametrize(
    ("machine", "words"),
    [
        ({"name": 1}, "[1].name: text"),
        ({}, "[1].name: must be given"),
        ({"name": "a", "port": "canary"}, "[1].port: a whole number"),
        ({"name": "a", "port": 0}, "[1]: port: not 0"),
        ({"name": "a", "prot": 1}, "[1]: prot is not known; known are name, port, labels"),
        ({"name": "a", "labels": []}, "[1].labels: an object"),
        ({"name": "a", "labels": {"b": 1}}, "[1].labels[b]: text"),
        ("canary", "[1]: an object"),
    ],
)
def test_a_flaw_within_says_where(machine: object, words: str) -> None:
    """All of them, and none tells a value, which may be a secret."""
    said = {"machines": [{"name": "a"}, machine, {"name": "b", "port": True}]}
    assert flaws(said, Pool) == (("machines", words), ("machines", "[2].port: a whole number"))


def test_a_class_that_json_cannot_fill_is_a_flaw() -> None:
    """Foreign code doesn't end the check."""
    assert len(flaws({"call": "x"}, Foreign)) == 1


def test_what_a_provider_does_not_declare_is_named() -> None:
    """An incomplete adapter is told of, not tripped over."""
    complete = {"types": (), "allocates": True, "settings_class": Settings}
    assert undeclared(type("Complete", (), complete)) == ""
    for name in complete:
        assert undeclared(type("Part", (), {k: v for k, v in complete.items() if k != name})) == name
    assert undeclared(type("Plain", (), {**complete, "settings_class": dict})) == "settings_class of attrs"
