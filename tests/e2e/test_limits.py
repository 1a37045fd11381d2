"""What ends by itself and what is refused because it is taken."""

import pytest

from e2e.hubs import local, real_hub

HURRY = """
from functools import partial
from e2e.clocks import HurriedClock
from multiplespawner import bootstrap
bootstrap.build = partial(bootstrap.build, clock=HurriedClock(20))
"""


@pytest.fixture(scope="module")
def hub(proxy, tmp_path_factory):
    """A hub that has room for one server, and whose minutes last three seconds."""
    one = {"provider_settings": {"maximum_sessions": 1}, "poll_interval": 1}
    folder = tmp_path_factory.mktemp("hub")
    with real_hub(folder, proxy, offers=([local(**one)],), config=HURRY) as started:
        yield started


def test_what_is_full_is_refused_until_something_is_given_back(hub):
    """The second user gets the reason, nothing is asked for in the log, and later it works."""
    hub.launch("ann")
    hub.api("POST", "users/bob")
    answer = hub.api("POST", "users/bob/server")
    assert (answer.status_code, answer.reason) == (400, "pool_full")
    assert hub.starts == 1
    hub.stop_server("ann")
    hub.wait("release", hub.nothing_is_held)
    hub.launch("bob")
    hub.stop_server("bob")
    hub.wait("release", hub.nothing_is_held)


def test_a_lifetime_that_is_over_ends_the_server(hub):
    """After two of its minutes the server is stopped, the hub lets go of it, and others may start."""
    hub.api("POST", "users/cat")
    assert hub.api("POST", "users/cat/server", json={"lifetime": 2}).status_code in (201, 202)
    hub.wait("end", lambda: hub.fact("session.ended").get("reason") == "expired")
    hub.wait("notice", lambda: hub.api("GET", "users/cat").json()["servers"] == {})
    hub.wait("release", hub.nothing_is_held)
