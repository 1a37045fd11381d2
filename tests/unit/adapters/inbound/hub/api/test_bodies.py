"""What stands in a body is read as it is, or refused with a code."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multiplespawner.adapters.inbound.hub.api.bodies import (
    DEEPEST,
    LARGEST,
    BodyTooLarge,
    NotJson,
    read_json,
)
from multiplespawner.domain.refusals import Refusal

WHOLE = st.integers(-(2**63) + 1, 2**63 - 1)
VALUES = st.recursive(
    st.none() | st.booleans() | WHOLE | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"nothing",
        b"{'offer': 1}",
        b"NaN",
        b'{"lifetime": Infinity}',
        b'{"lifetime": -Infinity}',
        b'{"lifetime": 1e999}',
        b"9223372036854775808",
        b"9" * 5000,
        b'"\xff"',
        b'"\\ud800"',
        b'{"\\udc00": 1}',
        b"\xef\xbb\xbf{}",
        b"{} {}",
    ],
    ids=lambda body: repr(body[:20]),
)
def test_what_is_no_json_for_everybody_is_refused(body):
    """Also what Python reads, and a database or another language doesn't."""
    with pytest.raises(NotJson):
        read_json(body)


@pytest.mark.parametrize(
    "body",
    [
        b" " * (LARGEST + 1),
        b"[" * 100_000,
        b"[" * 500 + b"]" * 500,
        b'{"a":' * 500 + b"1" + b"}" * 500,
        b"[" * (DEEPEST + 1) + b"1" + b"]" * (DEEPEST + 1),
    ],
    ids=lambda body: f"{len(body)} bytes",
)
def test_what_is_more_than_any_request_is_refused(body):
    """Long or deep."""
    with pytest.raises(BodyTooLarge):
        read_json(body)


@pytest.mark.parametrize("body", [b"", b"  ", b"\n", b"null"])
def test_nothing_is_none(body):
    """No body is the same as null."""
    assert read_json(body) is None


def test_what_is_deep_but_not_too_deep_is_read():
    """The limit itself is allowed."""
    assert read_json(b"[" * DEEPEST + b"1" + b"]" * DEEPEST) is not None


@given(VALUES)
def test_what_is_written_is_read(value):
    """Every JSON value that isn't too deep is read as it is."""
    assert read_json(json.dumps(value).encode("utf-8", "strict")) == value


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(body):
    """Nothing else is raised."""
    try:
        read_json(body)
    except Refusal as refusal:
        assert isinstance(refusal, NotJson | BodyTooLarge)  # noqa: PT017 - or nothing is raised
