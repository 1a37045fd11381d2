"""What the inner spawner is made with.

| rule of delegation | test |
| --- | --- |
| constructor kwargs of the hub, the same row | test_it_is_made_as_the_hub_makes_one |
| the configuration of its own class reaches it | test_configuration_reaches_it |
| neither `server=` nor `db=` | test_its_server_is_the_hubs_row |
| kwargs of the template, strings as the traits want them | test_a_templates_strings_become_what_traits_take |
| what nobody takes is an error | test_what_it_does_not_take_is_an_error |
| what is configured for the outer class alone | test_later_words_win |
| state and bytes in it come back | test_it_is_made_again_from_its_state |
"""

from typing import Any

import pytest
from jupyterhub.spawner import SimpleLocalProcessSpawner
from traitlets import TraitError, Unicode, validate
from traitlets.config import Config

from hub_in_memory import AnyInner, hub_user, outer_of
from multiplespawner.adapters.outbound.inner_spawners.child import make_child, refit
from multiplespawner.adapters.outbound.inner_spawners.fitting import DoesNotFit
from multiplespawner.adapters.outbound.inner_spawners.settings import HUB_GIVES, NotASetting
from multiplespawner.application.ports.inner_spawner import SpawnFailed


class InnerWithMore(AnyInner):
    """Has settings beyond those of every spawner, traits and not."""

    image = Unicode("default").tag(config=True)
    delay = 1
    loaded: Any = None

    def load_state(self, state: Any) -> None:
        self.loaded = state


def test_it_is_made_as_the_hub_makes_one() -> None:
    """Each constructor argument of the hub is the outer spawner's own."""
    outer = outer_of(hub_user(config=Config()), oauth_client_id="client", trusted_alt_names=["DNS:here"])
    child = make_child(outer._settings, AnyInner, {}, {"mine": 1})
    for name in HUB_GIVES:
        assert getattr(child, name) is getattr(outer, name) or getattr(child, name) == getattr(outer, name)
    assert child.orm_spawner is outer.orm_spawner
    assert child.user_options == {"mine": 1}


@pytest.mark.parametrize("config", [None, Config({"AnyInner": {"start_timeout": 7}})])
def test_configuration_reaches_it(config: Config | None) -> None:
    """The administrator's words for the inner class apply; a hub of tests may have no configuration."""
    child = make_child(outer_of(hub_user(config=config))._settings, AnyInner, {}, {})
    assert child.start_timeout == (7 if config else 60)


def test_its_server_is_the_hubs_row() -> None:
    """The child finds the server through the shared row and never touches the deprecated database."""
    outer = outer_of(hub_user())
    child = make_child(outer._settings, AnyInner, {}, {})
    assert child.server.orm_server is outer.server.orm_server
    assert "db" not in child._trait_values


def test_a_templates_strings_become_what_traits_take() -> None:
    """ "True" and "22" are what the traits want; plain values of the class are set as they stand."""
    kwargs = {"debug": "True", "start_timeout": "22", "image": "True", "delay": 5, "cmd": "run"}
    child = make_child(outer_of(hub_user())._settings, InnerWithMore, kwargs, {})
    assert (child.debug, child.start_timeout, child.image, child.delay) == (True, 22, "True", 5)
    assert child.cmd == ["run"]


def test_the_name_of_the_hubs_user_is_already_so() -> None:
    """Templates in use give `user`; the hub's user object stays."""
    outer = outer_of(hub_user("alice"))
    assert make_child(outer._settings, AnyInner, {"user": "alice"}, {}).user is outer.user


@pytest.mark.parametrize(
    ("kwargs", "cause"),
    [
        ({"no_such_setting": 1}, NotASetting),
        ({"user": "mallory"}, NotASetting),
        ({"api_token": "x"}, NotASetting),
        ({"start": "x"}, NotASetting),
        ({"_server": "x"}, NotASetting),
        ({"start_timeout": "soon"}, DoesNotFit),
    ],
)
def test_what_it_does_not_take_is_an_error(kwargs: dict[str, Any], cause: type[Exception]) -> None:
    """A setting that the class lacks, one that the hub gives, and a value of the wrong kind are refused."""
    with pytest.raises(SpawnFailed) as error:
        make_child(outer_of(hub_user())._settings, AnyInner, kwargs, {})
    assert error.value.code == "inner_settings"
    assert isinstance(error.value.__cause__, cause)


def test_a_constructor_that_fails_says_nothing_of_its_values() -> None:
    """What a class raises while it is made may hold a secret: it is the cause, not the message."""

    class Fails(AnyInner):
        def __init__(self, **kwargs: Any) -> None:
            raise RuntimeError("password=hunter2")

    with pytest.raises(SpawnFailed) as error:
        make_child(outer_of(hub_user())._settings, Fails, {}, {})
    assert error.value.code == "inner_not_made"
    assert "hunter2" not in error.value.message
    assert isinstance(error.value.__cause__, RuntimeError)


@pytest.mark.parametrize(
    ("sections", "kwargs", "expected"),
    [
        ({"Spawner": "a"}, {}, "a"),
        ({"Spawner": "a", "StandInOuter": "b"}, {}, "b"),
        ({"Spawner": "a", "StandInOuter": "b", "AnyInner": "c"}, {}, "c"),
        ({"Spawner": "a", "StandInOuter": "b", "AnyInner": "c"}, {"default_url": "d"}, "d"),
    ],
)
def test_later_words_win(sections: dict[str, str], kwargs: dict[str, str], expected: str) -> None:
    """All spawners, the outer class, the inner class, the template: the more particular one wins."""
    config = Config({name: {"default_url": value} for name, value in sections.items()})
    child = make_child(outer_of(hub_user(config=config))._settings, AnyInner, kwargs, {})
    assert child.default_url == expected


def test_environments_are_merged_by_variable() -> None:
    """A template adds variables to those of the configuration, and its own values win."""
    config = Config({"Spawner": {"environment": {"A": "spawner", "B": "spawner"}}})
    kwargs = {"environment": {"B": "template", "C": "template"}}
    child = make_child(outer_of(hub_user(config=config))._settings, AnyInner, kwargs, {})
    assert child.environment == {"A": "spawner", "B": "template", "C": "template"}


def test_what_only_the_hub_reads_stays_outside() -> None:
    """Hooks and polling configured for the outer class are not the inner one's."""
    config = Config({"StandInOuter": {"poll_interval": 3, "pre_spawn_hook": print}})
    child = make_child(outer_of(hub_user(config=config))._settings, AnyInner, {}, {})
    assert (child.poll_interval, child.pre_spawn_hook) == (30, None)


def test_it_is_made_again_from_its_state() -> None:
    """The stored state reaches `load_state`, with bytes as bytes; a new one gets an empty state."""
    settings = outer_of(hub_user())._settings
    stored = {"id": "1", "raw": {"__jupyterhub_bytes__": True, "data": "YWI=\n"}}
    assert make_child(settings, InnerWithMore, {}, {}, stored).loaded == {"id": "1", "raw": b"ab"}
    assert make_child(settings, InnerWithMore, {}, {}).loaded == {}


def test_a_local_process_keeps_its_own_defaults() -> None:
    """The outer spawner's defaults for what differs between classes are not given on."""
    outer = outer_of(hub_user())
    assert outer.env_keep == ["JUPYTERHUB_SINGLEUSER_APP"]
    assert "PATH" in make_child(outer._settings, SimpleLocalProcessSpawner, {}, {}).env_keep


def test_what_is_known_later_must_be_taken_too() -> None:
    """What a class's own validator refuses is an error of the offer, and tells no value."""

    class Choosy(AnyInner):
        zone = Unicode().tag(config=True)

        @validate("zone")
        def _known(self, proposal: Any) -> str:
            if proposal.value != "north":
                raise TraitError(f"no {proposal.value}")
            return str(proposal.value)

    settings = outer_of(hub_user())._settings
    child = make_child(settings, Choosy, {}, {})
    refit(settings, child, {"zone": "north", "environment": {"A": "1"}})
    assert (child.zone, child.environment["A"]) == ("north", "1")
    with pytest.raises(SpawnFailed) as failure:
        refit(settings, child, {"zone": "canary"})
    assert failure.value.code == "inner_settings"
    assert "canary" not in failure.value.message
