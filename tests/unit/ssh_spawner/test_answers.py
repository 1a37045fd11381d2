"""Whoever answers in our program's place says nothing that the hub stumbles over."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multiplespawner.ssh_spawner.answers import FIELDS, LONGEST, understood

STARTED = {
    "event": "started", "pid": 7, "born": 70, "boot": "b", "port": 8888, "hub_port": 9999, "folder": "/f",
    "sockets": "/f", "keeper": 8, "keeper_born": 80, "groups": ["/sys/fs/cgroup/a"],
}  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner), max_leaves=3
)


@pytest.mark.parametrize(
    "told",
    [
        STARTED,
        {"event": "running"},
        {"event": "limits", "way": "none", "missing": []},
        {"event": "gone", "status": None},
        {"event": "left", "count": 2},
        {"event": "ended", "status": 1, "tail": "x" * 4000},
        {"event": "undone", "left": 0},
    ],
)
def test_what_it_tells_is_understood(told):
    """As it is."""
    assert understood(json.dumps(told)) == told


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[" * 100_000,
        "[]",
        '{"event": 1}',
        json.dumps({**STARTED, "port": "8888"}),
        json.dumps({**STARTED, "pid": True}),
        json.dumps({**STARTED, "hub_port": 65536}),
        json.dumps({**STARTED, "born": 2**70}),
        json.dumps({**STARTED, "folder": "x" * (LONGEST + 1)}),
        json.dumps({**STARTED, "more": {"a": {}}}),
        json.dumps({"event": "gone"}),
        json.dumps({"event": "gone", "status": "0"}),
        json.dumps({"event": "failed", "code": [], "why": ""}),
        json.dumps({"event": "limits", "missing": [[]]}),
    ],
)
def test_what_it_never_tells_is_refused(text):
    """Before anything is read of it."""
    with pytest.raises(ValueError):  # noqa: PT011 - all that it raises
        understood(text)


@given(event=st.sampled_from([*FIELDS, "running"]), fields=st.dictionaries(st.text(max_size=8), JSON))
def test_what_is_understood_has_what_is_read(event, fields):
    """Whatever else is said."""
    try:
        told = understood(json.dumps({**fields, "event": event}))
    except ValueError:
        return
    assert all(type(told[name]) in kinds for name, kinds in FIELDS.get(event, {}).items())
