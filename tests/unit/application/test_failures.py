"""Failures as logs may tell of them."""

import pytest

from multiplespawner.application.failures import kinds

SECRET = "canary-of-the-failures"


def _cast(value: str) -> int:
    raise ValueError(f"not a number: {value}")


def _set_up(value: str) -> None:
    try:
        _cast(value)
    except ValueError as error:
        raise RuntimeError(f"can't be set up with {value}") from error


def test_kinds_tell_each_type_and_place_but_no_words():
    """The whole chain is named, outermost first, and nothing that an error says."""
    with pytest.raises(RuntimeError) as caught:
        _set_up(SECRET)
    outer, inner = kinds(caught.value).split(" < ")
    assert outer.startswith("RuntimeError at application/test_failures.py:")
    assert inner.startswith("ValueError at application/test_failures.py:")
    assert outer.rpartition(":")[2] != inner.rpartition(":")[2]


def test_kinds_name_what_was_being_handled_unless_it_was_hidden_on_purpose():
    """An implicit context counts as a cause; one that was cut off does not."""
    implicit, hidden = RuntimeError(), RuntimeError()
    implicit.__context__ = KeyError(SECRET)
    hidden.__context__, hidden.__suppress_context__ = KeyError(SECRET), True
    assert kinds(implicit) == "RuntimeError < KeyError"
    assert kinds(hidden) == "RuntimeError"


def test_kinds_of_an_error_that_was_never_raised_are_its_type():
    """There is no place to tell of."""
    assert kinds(ValueError(SECRET)) == "ValueError"


def test_kinds_of_a_group_name_its_members():
    """A task group's errors are told too."""
    group = ExceptionGroup(SECRET, [ValueError(SECRET), KeyError(SECRET)])
    assert kinds(group) == "ExceptionGroup(ValueError, KeyError)"


def test_kinds_end_where_a_chain_bites_its_own_tail():
    """Foreign code can set causes that go round."""
    first, second = ValueError(), KeyError()
    first.__cause__, second.__cause__ = second, first
    assert kinds(first) == "ValueError < KeyError"
