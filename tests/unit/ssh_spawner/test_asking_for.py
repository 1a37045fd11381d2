"""The request for a start has what the notebook needs, with addresses that the host completes."""

from types import SimpleNamespace

import pytest

from multiplespawner.ssh_spawner.asking_for import (
    checked_path,
    checked_token,
    hub_of,
    launch_request,
    read_certificates,
)
from multiplespawner.ssh_spawner.failing import NotOnHost
from multiplespawner.ssh_spawner.run import Run
from multiplespawner.ssh_spawner.settings import Hub

RUN = Run("host", 22, "ada", "token-01", "base")


def spawner(**more):
    """What is asked of a spawner."""
    given = {
        "cmd": ["notebook"],
        "get_args": lambda: ["--x"],
        "mem_limit": None,
        "cpu_limit": None,
        "port": 0,
    }
    return SimpleNamespace(**{**given, "start_timeout": 60, "environment": {}, **more})


def test_addresses_are_left_to_the_host():
    """Their paths and schemes stay."""
    environment = {
        "JUPYTERHUB_API_URL": "https://hub.example:8081/hub/api",
        "JUPYTERHUB_ACTIVITY_URL": "https://hub.example:8081/hub/api/users/a%20b/activity",
        "JUPYTERHUB_SERVICE_URL": "https://127.0.0.1:0/user/a%20b/",
        "JUPYTERHUB_PUBLIC_URL": "https://public.example/user/",
    }
    request = launch_request(spawner(), RUN, environment, {})
    assert request["addresses"] == {
        "JUPYTERHUB_SERVICE_URL": ("notebook", "https://127.0.0.1:", "/user/a%20b/"),
        "JUPYTERHUB_API_URL": ("hub", "https://127.0.0.1:", "/hub/api"),
        "JUPYTERHUB_ACTIVITY_URL": ("hub", "https://127.0.0.1:", "/hub/api/users/a%20b/activity"),
    }
    assert request["environment"]["MULTIPLESPAWNER_RESOURCE"] == "token-01"


def test_addresses_that_were_set_by_hand_stay():
    """Whoever sets them knows why."""
    set_by_hand = {"JUPYTERHUB_API_URL": "http://x/hub/api"}
    request = launch_request(spawner(environment=set_by_hand), RUN, set_by_hand, {})
    assert request["addresses"] == {}


def test_limits_and_certificates_go_with_it(tmp_path):
    """The texts of the files, not their names here."""
    (tmp_path / "k").write_text("key")
    texts = read_certificates({"keyfile": str(tmp_path / "k")})
    request = launch_request(spawner(mem_limit=2**30, cpu_limit=1), RUN, {}, texts)
    assert (request["memory"], request["cpus"]) == (2**30, 1.0)
    assert request["files"] == {"JUPYTERHUB_SSL_KEYFILE": ("notebook.key", "key")}


@pytest.mark.parametrize(
    ("environment", "cmd"), [({"A": "\0"}, ["x"]), ({"": "a"}, ["x"]), ({"a=b": "c"}, ["x"]), ({}, ["a\0"])]
)
def test_what_no_program_can_get_is_refused(environment, cmd):
    """Before anything is sent."""
    with pytest.raises(NotOnHost) as caught:
        launch_request(spawner(cmd=cmd), RUN, environment, {})
    assert caught.value.code == "setting_unusable"


@pytest.mark.parametrize(
    ("url", "hub"),
    [
        ("http://127.0.0.1:8081/hub/api", Hub("127.0.0.1", 8081)),
        ("https://hub/hub/api", Hub("hub", 443)),
        ("http://[::1]:8081/hub/api", Hub("::1", 8081)),
        ("http+unix://%2Frun%2Fhub.sock/hub/api", Hub("/run/hub.sock")),
    ],
)
def test_the_hub_is_where_its_address_says(url, hub):
    """A port, or a socket in the file system."""
    assert hub_of(SimpleNamespace(hub_connect_url=None, hub=SimpleNamespace(api_url=url))) == hub
    assert hub_of(SimpleNamespace(hub_connect_url=url, hub=None)) == hub


@pytest.mark.parametrize(
    "token", ["", "..", "........", "a/b", "short", "a b c d e f", "x" * 129, "token-01\n"]
)
def test_a_token_names_a_folder_and_nothing_else(token):
    """It comes from the environment."""
    with pytest.raises(NotOnHost):
        checked_token(token)


def test_a_path_is_one_line():
    """Each is sent on a line of its own."""
    assert checked_path("x", "/a b") == "/a b"
    with pytest.raises(NotOnHost):
        checked_path("x", "/a\n/b")
