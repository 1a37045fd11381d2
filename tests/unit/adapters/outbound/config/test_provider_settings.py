"""Given the attrs class of a provider's settings, when settings are compared, then each flaw has its name."""

from collections.abc import Callable
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
