"""What a string of a template becomes."""

from typing import Any

import pytest
from jupyterhub.traitlets import ByteSpecification, Command
from traitlets import Any as AnyTrait
from traitlets import Bool, CBool, CInt, Dict, Enum, Float, Integer, List, TraitType, Unicode, Union

from multiplespawner.adapters.outbound.inner_spawners.fitting import DoesNotFit, fit


@pytest.mark.parametrize(
    ("value", "trait", "expected"),
    [
        ("True", Bool(), True),
        ("false", Bool(), False),
        ("False", CBool(), False),
        (True, Bool(), True),
        ("22", Integer(), 22),
        ("22", CInt(), "22"),
        ("0.5", Float(), 0.5),
        (2, Float(), 2),
        ("22", Unicode(), "22"),
        ("~/{username}", Unicode(), "~/{username}"),
        ("None", Integer(allow_none=True), None),
        ("2G", ByteSpecification(), "2G"),
        ("2048", ByteSpecification(), 2048),
        ("start.sh", Command(), "start.sh"),
        (["1", 2], List(Integer()), [1, 2]),
        ("[1, 2]", List(Integer()), [1, 2]),
        ({"a": "1"}, Dict(value_trait=Integer()), {"a": 1}),
        ({"a": "yes", "b": "1"}, Dict(per_key_traits={"b": Integer()}), {"a": "yes", "b": 1}),
        ('{"a": "b"}', Dict(), {"a": "b"}),
        ("22", Union([Integer(), Float()]), 22),
        ("22", Union([Integer(), Unicode()]), "22"),
        ("b", Enum(["a", "b"]), "b"),
        (None, AnyTrait(), None),
        ("True", TraitType(), "True"),
    ],
)
def test_a_value_becomes_what_the_trait_takes(value: Any, trait: TraitType[Any, Any], expected: Any) -> None:
    """A string is read only where the trait takes no string."""
    found = fit(value, trait)
    assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("value", "trait"),
    [
        ("secret-text", Integer()),
        ("true", Integer()),
        ("maybe", Bool()),
        (["secret-text"], List(Integer())),
        ({"a": "secret-text"}, Dict(value_trait=Integer())),
        (7, Unicode()),
        ("secret-text", Enum([1, 2])),
    ],
)
def test_what_cannot_be_read_is_an_error_without_the_value(value: Any, trait: TraitType[Any, Any]) -> None:
    """The error names the expected kind and the found type, never what was found."""
    trait.name = "some_trait"
    with pytest.raises(DoesNotFit) as error:
        fit(value, trait)
    assert (error.value.name, error.value.found) == ("some_trait", type(value).__name__)
    assert error.value.expected
    assert "secret-text" not in str(error.value)
    assert error.value.__cause__ is None
