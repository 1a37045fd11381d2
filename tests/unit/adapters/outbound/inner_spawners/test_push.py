"""What the inner spawner is handed just before it starts.

| rule of delegation | test |
| --- | --- |
| token, admin access, scopes, handler, certificates | test_what_the_hub_prepared_is_handed_over |
| `clear_state()` first, as the hub does | test_its_state_is_cleared_before_its_token_is_set |
| what a hook or a group override set, and only that | test_what_a_hook_set_goes_on, test_defaults_stay |
| the environment merged, our variable last | test_the_environment_is_merged |
| the notebook's environment is the same as without us | test_the_notebooks_environment_is_as_without_us |
"""

from typing import Any

import pytest
from jupyterhub.spawner import LocalProcessSpawner, SimpleLocalProcessSpawner, Spawner
from traitlets import Dict, Unicode, default
from traitlets.config import Config

from hub_in_memory import AnyInner, StandInOuter, hub_user, outer_of, prepared
from multiplespawner.adapters.outbound.inner_spawners.child import make_child, push

RESOURCE = {"MULTIPLESPAWNER_RESOURCE": "owner-resource"}


class InnerWithMore(AnyInner):
    """Has settings that the outer spawner lacks."""

    image = Unicode("default").tag(config=True)
    volumes = Dict()
    delay = 1

    @default("env_keep")
    def _keep_its_own(self) -> list[str]:
        return ["OF_THE_INNER"]


def pushed(outer: StandInOuter, kwargs: dict[str, Any] | None = None) -> Any:
    """Return a child that has everything handed over."""
    child = make_child(outer._settings, InnerWithMore, kwargs or {}, {})
    push(outer._settings, child, {"mine": 1}, RESOURCE)
    return child


def test_what_the_hub_prepared_is_handed_over() -> None:
    """What the hub sets between constructing and starting is the child's, too."""
    outer = outer_of(hub_user())
    outer.handler = object()
    outer.cert_paths = {"keyfile": "k", "certfile": "c", "cafile": "a"}
    outer.oauth_client_allowed_scopes = ["read:users"]
    outer.oauth_access_scopes = ["access:servers"]
    child = pushed(outer)
    assert (child.api_token, child.admin_access, child.handler) == ("token-of-the-hub", True, outer.handler)
    assert child.cert_paths == outer.cert_paths
    assert child.oauth_client_allowed_scopes == ["read:users"]
    assert child.oauth_access_scopes == ["access:servers"]
    assert child.user_options == {"mine": 1}


def test_its_state_is_cleared_before_its_token_is_set() -> None:
    """The hub clears the state before each start; that also clears the token, so the token comes later."""
    outer = outer_of(hub_user())
    child = make_child(outer._settings, LocalProcessSpawner, {}, {}, {"pid": 77})
    push(outer._settings, child, {}, RESOURCE)
    assert (child.pid, child.api_token) == (0, "token-of-the-hub")


def hook_sets(spawner: Any) -> None:
    spawner.mem_limit = "2G"
    spawner.image = "of-the-hook"
    spawner.volumes = {"a": "b"}
    spawner.delay = 9
    spawner.cmd = ["of-the-hook"]


def override_sets(spawner: Any) -> None:
    spawner._apply_overrides({"mem_limit": "2G", "args": ["--x"]})


@pytest.mark.parametrize(
    ("hook", "expected"),
    [
        (hook_sets, {"mem_limit": 2 * 1024**3, "image": "of-the-hook", "delay": 9, "cmd": ["of-the-hook"]}),
        (hook_sets, {"volumes": {"a": "b"}}),
        (override_sets, {"mem_limit": 2 * 1024**3, "args": ["--x"]}),
        (lambda spawner: spawner.args.append("--y"), {"args": ["--y"]}),
    ],
)
def test_what_a_hook_set_goes_on(hook: Any, expected: dict[str, Any]) -> None:
    """Set, replaced or changed in place, on a trait of both or a setting of the inner class: it goes on."""
    outer = outer_of(hub_user())
    hook(outer)
    child = pushed(outer)
    assert {name: getattr(child, name) for name in expected} == expected


def test_a_hook_has_the_last_word() -> None:
    """What a hook sets wins over the template: it ran last."""
    outer = outer_of(hub_user())
    outer.mem_limit = "2G"
    outer.environment["A"] = "hook"
    child = pushed(outer, {"mem_limit": "1G", "environment": {"A": "template"}})
    assert (child.mem_limit, child.environment["A"]) == (2 * 1024**3, "hook")


def test_setting_the_defaults_own_value_can_be_told() -> None:
    """A hook that sets what is the outer spawner's default is heard where the outer one notes it."""
    outer = outer_of(hub_user())
    outer.ip = "127.0.0.1"
    outer._settings.note("ip")
    assert pushed(outer, {"ip": "0.0.0.0"}).ip == "127.0.0.1"


def test_what_the_outer_spawner_sets_for_itself_can_be_settled() -> None:
    """The offer's times on the outer spawner are not a hook's."""
    outer = outer_of(hub_user())
    outer.start_timeout = 1800
    outer._settings.settle("start_timeout")
    assert pushed(outer).start_timeout == 60


def test_defaults_stay() -> None:
    """The outer spawner's defaults are not given on, not even those that a hook has read."""
    outer = outer_of(hub_user())
    for name in outer.traits():
        if name != "db":
            getattr(outer, name)
    child = pushed(outer, {"ip": "0.0.0.0", "start_timeout": 9, "cmd": "run", "notebook_dir": "/n"})
    assert (child.ip, child.start_timeout, child.cmd, child.notebook_dir) == ("0.0.0.0", 9, ["run"], "/n")
    assert child.env_keep == ["OF_THE_INNER"]


@pytest.mark.parametrize(
    "name", ["user", "db", "start", "poll_interval", "apply_user_options", "will_resume"]
)
def test_what_is_not_a_setting_of_the_notebook_stays(name: str) -> None:
    """The hub's own attributes, methods and what only the hub reads never go on."""
    outer = outer_of(hub_user())
    outer._settings.note(name)
    assert name not in outer._settings.changed(InnerWithMore)


def test_what_the_constructor_was_given_counts_as_set() -> None:
    """The hub's own tests construct spawners with settings as arguments."""
    outer = outer_of(hub_user(), cmd=["given"], environment={"A": "given"})
    child = pushed(outer)
    assert (child.cmd, child.environment["A"]) == (["given"], "given")


def test_the_environment_is_merged() -> None:
    """Variables of configuration, template and hook come together; removed ones go; ours is last."""
    config = Config({"Spawner": {"environment": {"A": "config", "GONE": "config"}}})
    outer = outer_of(hub_user(config=config))
    outer._apply_overrides({"environment": {"HOOK": "hook", "GONE": None}})
    outer.environment["MULTIPLESPAWNER_RESOURCE"] = "of-a-user"
    child = pushed(outer, {"environment": {"A": "template"}})
    assert child.environment == {"A": "template", "HOOK": "hook", **RESOURCE}


def test_what_goes_on_is_a_copy() -> None:
    """Changing a container of the child leaves the outer spawner alone, and nothing in it is copied."""
    outer = outer_of(hub_user())
    outer.environment = {"CALLED": outer.get_args}
    outer.args = ["--x"]
    child = pushed(outer)
    child.args.append("--y")
    assert outer.args == ["--x"]
    assert child.environment["CALLED"].__self__ is outer


@pytest.mark.parametrize("inner", [SimpleLocalProcessSpawner, AnyInner])
@pytest.mark.parametrize("server_name", ["", "second"])
def test_the_notebooks_environment_is_as_without_us(
    inner: type[Spawner], server_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All variables that a spawner gives its notebook are the same behind us, but for our own one."""
    monkeypatch.setenv("LANG", "C.UTF-8")
    config = Config({"Spawner": {"environment": {"A": "config", "NAME": lambda spawner: spawner.name}}})
    config.Spawner.notebook_dir = "/home/{username}"
    config.Spawner.mem_limit = "1G"
    config.Spawner.hub_connect_url = "http://hub.example:8081"
    config.Spawner.oauth_client_allowed_scopes = ["read:users"]
    user = hub_user("al ice", config, cookie_host_prefix_enabled=True, allow_named_servers=True)
    direct = prepared(user, inner, server_name=server_name, port=4711)
    alone = direct.get_env()
    direct.server = None
    outer = prepared(user, StandInOuter, server_name=server_name, port=4711)
    child = make_child(outer._settings, inner, {}, {})
    push(outer._settings, child, {}, RESOURCE)
    behind_us = child.get_env()
    assert behind_us == {**alone, **RESOURCE}
    assert {"JUPYTERHUB_SERVICE_URL", "JUPYTERHUB_SERVICE_PREFIX", "JUPYTERHUB_COOKIE_OPTIONS"} < alone.keys()
    assert alone["JUPYTERHUB_SERVER_NAME"] == server_name
