"""What a user typed is filled into texts, and never becomes structure."""

from typing import Any

import pytest
from traitlets import Dict, Int, List, Unicode, Union

from hub_in_memory import AnyInner, hub_user, outer_of
from multiplespawner.adapters.outbound.inner_spawners.child import make_child
from multiplespawner.adapters.outbound.inner_spawners.filling import fill_in
from multiplespawner.application.ports.inner_spawner import SpawnFailed

EVIL = 'x", "LD_PRELOAD": "/tmp/evil.so'


class InnerOfManyKinds(AnyInner):
    """Has a trait of each kind that matters."""

    plain = None
    deep = Dict(List(Unicode()))
    either = Union([Int(), List(Unicode())])
    number = Int()


def filled(value: str, **kwargs: Any) -> dict[str, Any]:
    """The kwargs with `{option.x}` as somebody typed it."""
    return fill_in(InnerOfManyKinds, kwargs, {"option.x": value})


@pytest.mark.parametrize(
    ("kwargs", "typed", "expected"),
    [
        ({"environment": '{"COURSE": "{option.x}"}'}, EVIL, {"COURSE": EVIL}),
        ({"environment": {"COURSE": "{option.x}"}}, EVIL, {"COURSE": EVIL}),
        ({"args": '["--a={option.x}"]'}, 'b", "--evil', ['--a=b", "--evil']),
        ({"args": ["{option.x}"]}, '["--evil"]', ['["--evil"]']),
        ({"deep": {"a": '["{option.x}"]'}}, 'b", "c', {"a": ['b", "c']}),
        ({"cmd": "{option.x}"}, '["evil"]', '["evil"]'),
        ({"notebook_dir": "/{option.x}"}, "{}", "/{}"),
        ({"plain": '{"a": "{option.x}"}'}, EVIL, f'{{"a": "{EVIL}"}}'),
        ({"either": "{option.x}"}, "7", 7),
        ({"number": "{option.x}"}, "7", "7"),
        ({"environment": '{"a": "{{b}} {username}"}'}, "", '{"a": "{{b}} {username}"}'),
    ],
)
def test_what_was_typed_stays_text(kwargs: dict[str, Any], typed: str, expected: Any) -> None:
    """Structure is the administrator's, texts within it take what was typed."""
    [found] = filled(typed, **kwargs).values()
    assert found == expected


@pytest.mark.parametrize(
    ("name", "typed"),
    [("args", '["--evil"]'), ("either", '["--evil"]'), ("environment", '{"LD_PRELOAD": "evil"}')],
)
def test_text_that_would_become_structure_is_refused(name: str, typed: str) -> None:
    """A list or dict that is known only once it is filled in would be the user's own."""
    kwargs = filled(typed, **{name: "{option.x}"})
    with pytest.raises(SpawnFailed) as refused:
        make_child(outer_of(hub_user())._settings, InnerOfManyKinds, kwargs, {})
    assert refused.value.code == "inner_settings"
