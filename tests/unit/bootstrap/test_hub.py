"""Names are filled into the settings of an inner spawner once, however late they are known."""

from typing import Any

import pytest

from hub_in_memory import hub_user, outer_of
from multiplespawner.application.ports.inner_spawner import Equipment, SpawnFailed
from multiplespawner.bootstrap.hub import inner_spawner

EARLY = {"JUPYTERHUB_USER": "{auth_key}", "option.x": "{endpoint}", "option.y": "{{endpoint}}"}
LATE = {"endpoint": "10.0.0.1", "auth_key": "ssh-ed25519 AAAA"}


async def made(kwargs: dict[str, Any]) -> Any:
    """The inner spawner of a document with these settings."""
    document = {"class": "hub_in_memory.AnyInner", "kwargs": kwargs, "names": EARLY, "user_options": {}}
    return await inner_spawner(outer_of(hub_user())._settings, document, "token", {})


async def test_what_users_typed_stays_what_it_is_when_the_rest_is_known() -> None:
    """A user called `{auth_key}`, and an option `{endpoint}`, are text before and after."""
    environment = {"USER": "{JUPYTERHUB_USER}", "X": "{option.x}/{option.y}", "HOST": "{endpoint} {option.x}"}
    inner = await made(
        {"environment": environment, "notebook_dir": "/{option.x}", "args": ["--at={endpoint}", "{option.y}"]}
    )
    before = (dict(inner.child.environment), inner.child.notebook_dir)
    await inner.equip(Equipment({**EARLY, **LATE}))

    assert before[0] == {
        "USER": "{auth_key}",
        "X": "{endpoint}/{{endpoint}}",
        "HOST": "{endpoint} {endpoint}",
    }
    assert inner.child.environment == {**before[0], "HOST": "10.0.0.1 {endpoint}"}
    assert (before[1], inner.child.notebook_dir) == ("/{endpoint}", "/{endpoint}")
    assert inner.child.args == ["--at=10.0.0.1", "{{endpoint}}"]


async def test_it_may_be_told_twice_and_otherwise() -> None:
    """After it was made again its resource may be elsewhere."""
    inner = await made({"environment": {"HOST": "{endpoint}"}})
    for address in ("10.0.0.1", "10.0.0.1", "10.0.0.2"):
        await inner.equip(Equipment({**EARLY, **LATE, "endpoint": address}))
        assert inner.child.environment == {"HOST": address}


async def test_a_name_that_is_not_known_stays_as_it_stands() -> None:
    """As where there is no key."""
    inner = await made({"environment": {"KEY": "{auth_key}", "HOST": "{endpoint}"}})
    await inner.equip(Equipment({**EARLY, "endpoint": "10.0.0.1"}))

    assert inner.child.environment == {"KEY": "{auth_key}", "HOST": "10.0.0.1"}


async def test_what_was_set_meanwhile_stays() -> None:
    """What the user chose, and a hook set, comes after the template; only what is late comes later still."""
    kwargs = {
        "notebook_dir": "/{option.x}",
        "environment": {"USER": "{JUPYTERHUB_USER}", "PLAIN": "plain", "HOST": "{endpoint}"},
    }
    inner = await made(kwargs)
    inner.child.notebook_dir = "/chosen"
    inner.child.environment = {**inner.child.environment, "USER": "hook", "PLAIN": "hook", "MORE": "hook"}
    await inner.equip(Equipment({**EARLY, **LATE}))

    assert inner.child.notebook_dir == "/chosen"
    assert inner.child.environment == {"USER": "hook", "PLAIN": "hook", "MORE": "hook", "HOST": "10.0.0.1"}


async def test_late_text_is_no_structure() -> None:
    """JSON is read before it is filled in."""
    inner = await made({"environment": '{"KEY": "{auth_key}"}'})
    await inner.equip(Equipment({"auth_key": 'x", "LD_PRELOAD": "/tmp/evil.so'}))

    assert inner.child.environment == {"KEY": 'x", "LD_PRELOAD": "/tmp/evil.so'}


async def test_secrets_beside_late_names_are_read_then(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is gone by then fails the start, and its value is never told."""
    monkeypatch.setenv("A_SECRET", "canary-71")
    inner = await made({"environment": {"S": {"secret": "env:A_SECRET"}, "H": "{endpoint}"}})
    args = await made({"args": ["{endpoint}", {"secret": "env:A_SECRET"}]})
    for each in (inner, args):
        await each.equip(Equipment({**EARLY, **LATE}))

    assert inner.child.environment == {"H": "10.0.0.1", "S": "canary-71"}
    assert args.child.args == ["10.0.0.1", "canary-71"]
    monkeypatch.delenv("A_SECRET")
    with pytest.raises(SpawnFailed) as failed:
        await args.equip(Equipment({**EARLY, **LATE}))
    assert failed.value.code == "inner_settings"
