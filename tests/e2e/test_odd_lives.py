"""What happens to servers that never answer, die unseen, are renamed or removed, or whose offer is gone."""

import psutil
import pytest

from e2e.hubs import LOCAL, STAND_IN, local, real_hub


@pytest.fixture(scope="module")
def hub(proxy, tmp_path_factory):
    """A hub with an offer that works and one that starts and never answers."""
    mute = {"class": LOCAL, "kwargs": {"cmd": ["sleep", "600"]}}
    folder = tmp_path_factory.mktemp("hub")
    keeping = {"cmd": STAND_IN, "kept_in": f"{folder}/kept"}
    named = {"cmd": STAND_IN, "user": "{JUPYTERHUB_USER}"}
    offers = [
        local("Works", spawner={"class": LOCAL, "kwargs": named}),
        local("Mute", spawner=mute, http_timeout=2),
        local("Keeps", spawner={"class": "e2e.inner_spawners.SpawnerThatKeeps", "kwargs": keeping}),
    ]
    with real_hub(folder, proxy, offers=(offers,)) as started:
        yield started


def test_a_server_that_never_answers_is_taken_down(hub):
    """The start fails after the offer's own time limit, and nothing of it is left."""
    hub.api("POST", "users/ann")
    answer = hub.api("POST", "users/ann/server", json={"offer": "Mute: machine"})
    assert answer.status_code >= 500
    hub.wait("release", hub.nothing_is_held)
    assert [process for process in hub.processes() if "sleep" in process.cmdline()] == []


def test_a_start_without_a_choice_means_the_last_one(hub):
    """The hub keeps what was chosen; several offers are no obstacle then."""
    hub.launch("bob", offer="Works: machine")
    hub.stop_server("bob")
    hub.launch("bob")
    assert hub.fact("session.requested")["selection"]["offer"] == "local/Works/machine"
    hub.stop_server("bob")


def test_a_stopped_server_is_renamed_and_started_again(hub):
    """The hub renames what is stopped; the next start is told the new name and goes by the same choice."""
    hub.launch("cat", "old", offer="Works: machine")
    hub.stop_server("cat", "old")
    assert hub.api("PATCH", "users/cat/servers/old", json={"name": "new"}).ok
    assert hub.launch("cat", "new")["env"]["JUPYTERHUB_SERVER_NAME"] == "new"
    hub.stop_server("cat", "new")
    hub.wait("release", hub.nothing_is_held)


def test_a_named_server_is_removed_while_it_runs(hub):
    """Stopped and forgotten in one request."""
    told = hub.launch("dan", "extra", offer="Works: machine")
    answer = hub.api("DELETE", "users/dan/servers/extra", json={"remove": True})
    assert answer.status_code in (202, 204)
    hub.wait("release", hub.nothing_is_held)
    assert not psutil.pid_exists(told["pid"])


def test_a_user_is_renamed_while_a_hub_is_killed(hub):
    """The next hub makes the inner spawner again under the new name, though the template names the user."""
    told = hub.launch("gus", offer="Works: machine")
    assert hub.api("PATCH", "users/gus", json={"name": "gustav"}).ok
    hub.kill()
    hub.start()
    hub.wait("server", lambda: hub.ready("gustav"))
    hub.stop_server("gustav")
    hub.wait("release", hub.nothing_is_held)
    assert not psutil.pid_exists(told["pid"])


def test_what_a_server_keeps_is_deleted_with_it(hub):
    """Also by a hub that never started it: the hub asks for it when the server has long been stopped."""
    hub.launch("hal", "keeping", offer="Keeps: machine")
    hub.stop_server("hal", "keeping")
    hub.wait("release", hub.nothing_is_held)
    hub.stop()
    hub.start()
    assert (hub.folder / "kept").exists()
    assert hub.api("DELETE", "users/hal/servers/keeping", json={"remove": True}).ok
    assert not (hub.folder / "kept").exists()


def test_a_server_that_died_while_no_hub_looked_is_noticed(hub):
    """A hub that was killed and starts again finds it gone, and the next start works."""
    told = hub.launch("eve", offer="Works: machine")
    hub.kill()
    psutil.Process(told["pid"]).kill()
    hub.start()
    hub.wait("notice", lambda: hub.api("GET", "users/eve").json()["servers"] == {})
    hub.wait("release", hub.nothing_is_held)
    assert hub.fact("session.ended")["reason"] == "exited"
    hub.launch("eve", offer="Works: machine")
    hub.stop_server("eve")


def test_a_server_whose_offer_has_gone_goes_on(hub):
    """It is found, tracked and stopped; a new start of it is refused."""
    told = hub.launch("fay", offer="Works: machine")
    hub.stop()
    hub.offers([local("Other")])
    hub.start()
    hub.wait("server", lambda: hub.ready("fay"))
    assert hub.told("fay")["pid"] == told["pid"]
    hub.stop_server("fay")
    hub.wait("release", hub.nothing_is_held)
    answer = hub.api("POST", "users/fay/server", json={"offer": "Works: machine"})
    assert (answer.status_code, answer.reason) == (400, "unknown_offer")
